import { cutTo, exposeParameters } from '../autodiff/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import {
  adamW,
  type CheckpointStore,
  cosine,
  type EpochRecord,
  type Optimiser,
  type Predict,
  predictor,
  type Schedule,
  sgd,
  softmaxCrossEntropy,
  type TrainingData,
  type TrainOptions,
  train,
  warmUp,
} from '../training/index.ts'
import { accuracyTerm } from './accuracy-term.ts'
import { bestOf, blended, type Candidate } from './blend.ts'
import { type Evaluation, evaluateRows } from './evaluate-rows.ts'
import type { Phase, TuningPlan } from './strategy.ts'
import { parametersFor } from './trained-part.ts'
import type { TrainingSettings } from './tuning-settings.ts'
import { evaluationIn, validationScore } from './validation-score.ts'

/** One epoch of fine-tuning. */
export interface TunedEpoch {
  /** Counted from 1 over all phases. */
  readonly epoch: number
  /** The mean total loss of its steps. */
  readonly loss: number
  /** Each loss by its name. */
  readonly losses: Readonly<Record<string, number>>
  /** On the rows as they were trained on, before each step. */
  readonly trainAccuracy: number
  /** With the weights at its end; null where no rows are held out. */
  readonly validationAccuracy: number | null
  /** The cross-entropy on the same rows. */
  readonly validationLoss: number | null
  /** What it took; null for an epoch of an earlier call that was gone on with. */
  readonly seconds: number | null
}

/** Rows with labels, as inputs of the part that is trained. */
export interface PartRows {
  readonly labels: Int32Array
  readonly inputs: (rows: Int32Array, epoch: number) => Promise<Tensor>
}

export interface FineTuneRequest {
  /** Starting weights inside; an output `logits`. */
  readonly network: Model
  /** What stays where training does not help: `network` with another head; default: `network`. */
  readonly start?: Model
  /** How far to go from there to the trained weights, 0 to 1: the first, or which of them held-out rows prefer clearly. */
  readonly parts: readonly number[]
  readonly input: string
  readonly plan: TuningPlan
  readonly training: PartRows
  readonly validation?: PartRows
  readonly settings: TrainingSettings
  readonly epochs: number
  readonly seed: number
  /** Checkpoints of a phase, counted from 0. */
  readonly checkpoints?: (phase: number) => Promise<CheckpointStore>
  readonly onEpoch?: (epoch: TunedEpoch) => void
  readonly onStep?: (step: number, steps: number) => void
  readonly onWarning?: (message: string) => void
  readonly signal?: AbortSignal
}

export interface FineTuned {
  readonly network: Model
  readonly epochs: readonly TunedEpoch[]
  /** How many epochs the weights went through: 0 where they are those of the start. */
  readonly epoch: number
  /** How far they are from the start (0) towards where training ended (1). */
  readonly part: number
  /** On the rows held out. */
  readonly start?: Evaluation
  readonly best?: Evaluation
  readonly aborted: boolean
}

const TARGET = 'target of tuning'

/**
 * Trains a network by a strategy's plan to the end of its epochs, or, where the plan has patience, until held-out rows gain
 * no more. Of the end, the start and what lies between them, held-out rows take one, see `bestOf`: epochs of one
 * training hardly differ on few rows, and the best of many is better by chance. Throws `DivergedError` and
 * `InvalidInputError` as `train` does.
 */
export async function fineTune(runtime: Runtime, request: FineTuneRequest): Promise<FineTuned> {
  const { plan, input, validation, epochs, onEpoch } = request
  const trained = new Set(Object.keys(parametersFor(plan.network ?? request.network, 'logits')))
  const phases: readonly Phase[] = plan.phases ?? [{ epochs }]
  const evaluate = async (predict: Predict): Promise<Evaluation> =>
    evaluateRows(predict, input, validation!.labels, (rows) => validation!.inputs(rows, 0))
  const plain = (network: Model) => cutTo(network, [network.graph.outputs.find(({ name }) => name === 'logits')!])
  let network = plan.network ?? request.network
  const history: TunedEpoch[] = []
  let [aborted, epoch] = [false, 0]
  for (const [index, phase] of phases.entries()) {
    if (phase.epochs === 0) continue
    const before = history.length
    let since = performance.now()
    const told = new Map<number, number>()
    const result = await train(runtime, network, {
      ...stepSettings(request, phase, trained),
      data: trainingData(request, before),
      epochs: phase.epochs,
      seed: request.seed + index,
      ...(validation && heldOutOption(runtime, network, evaluate, plan)),
      ...(request.checkpoints && { checkpoints: await request.checkpoints(index) }),
      ...(request.signal && { signal: request.signal }),
      ...(request.onWarning && { onWarning: request.onWarning }),
      onStep: ({ step, steps }) => request.onStep?.(step, steps),
      onEpoch: (record) => {
        told.set(record.epoch, (performance.now() - since) / 1000)
        since = performance.now()
        onEpoch?.(tunedEpoch(record, before, told, validation))
      },
    })
    history.push(...result.history.map((record) => tunedEpoch(record, before, told, validation)))
    network = result.model
    epoch = before + result.epoch
    aborted = result.stopped === 'aborted'
    if (aborted) break
  }
  const from = request.start ?? request.network
  const candidate = async (part: number): Promise<Candidate> => {
    const between = blended(from, network, part)
    return { part, network: between, evaluation: await evaluate((inputs) => runtime.run(plain(between), inputs)) }
  }
  if (validation === undefined) {
    const part = request.parts[0]!
    return { network: blended(from, network, part), epochs: history, epoch: part === 0 ? 0 : epoch, part, aborted }
  }
  const candidates: Candidate[] = []
  for (const part of request.parts) candidates.push(await candidate(part))
  const start = candidates.find(({ part }) => part === 0) ?? (await candidate(0))
  const best = bestOf(candidates)
  return {
    network: best.network,
    epochs: history,
    epoch: best.part === 0 ? 0 : epoch,
    part: best.part,
    start: start.evaluation,
    best: best.evaluation,
    aborted,
  }
}

/** What is the same in every step of a phase. */
function stepSettings({ plan, settings }: FineTuneRequest, phase: Phase, trained: ReadonlySet<string>) {
  const { learningRate, batchSize, labelSmoothing, clipNorm } = settings
  const weightDecay = plan.weightDecay ?? settings.weightDecay
  const rate = learningRate * (plan.rate ?? 1)
  const schedule: Schedule =
    plan.schedule?.(rate) ?? ((step, steps) => warmUp(cosine(rate), Math.max(1, Math.round(steps / 10)))(step, steps))
  const optimiser: Optimiser =
    settings.optimiser === 'sgd' ? sgd({ momentum: 0.9, weightDecay }) : adamW({ weightDecay })
  const chosen = phase.trainable ?? plan.trainable
  return {
    batchSize,
    schedule,
    optimiser,
    trainable: (name: string) => chosen?.(name) ?? trained.has(name),
    losses: [
      softmaxCrossEntropy({ logits: 'logits', target: TARGET, labelSmoothing }),
      ...(plan.losses ?? []),
      accuracyTerm('logits', TARGET),
    ],
    ...(plan.groups && { groups: plan.groups }),
    ...(plan.batchNormalisation && { batchNormalisation: plan.batchNormalisation }),
    ...(clipNorm > 0 && { clipNorm }),
  }
}

function trainingData({ plan, input, training }: FineTuneRequest, before: number): TrainingData {
  return {
    rows: training.labels.length,
    async batch(rows, epochOfPhase) {
      const epoch = before + epochOfPhase
      const tensor = await training.inputs(rows, epoch)
      const target = BigInt64Array.from(rows, (row) => BigInt(training.labels[row]!))
      return {
        [input]: tensor,
        [TARGET]: { type: 'int64', dims: [rows.length], data: target },
        ...(await plan.inputs?.(tensor, rows, epoch)),
      }
    },
  }
}

/** Measures every epoch on the rows held out; with patience, the weights of the best one count. */
function heldOutOption(
  runtime: Runtime,
  network: Model,
  evaluate: (predict: Predict) => Promise<Evaluation>,
  { patience }: TuningPlan,
): Pick<TrainOptions, 'validation' | 'notes'> {
  if (patience !== undefined) {
    return { validation: { patience, score: async (predict) => validationScore(await evaluate(predict)) } }
  }
  const open = exposeParameters(cutTo(network, [{ name: 'logits' }]))
  return {
    notes: async (weights) => {
      const names = Object.keys(weights).filter((name) => open.graph.initializers.has(name))
      const { accuracy, loss } = await evaluate(predictor(runtime, open, names)(weights))
      return { accuracy, loss: Number.isFinite(loss) ? loss : Number.MAX_VALUE }
    },
  }
}

function tunedEpoch(
  { epoch, loss, losses, score, notes }: EpochRecord,
  before: number,
  seconds: ReadonlyMap<number, number>,
  validation: PartRows | undefined,
): TunedEpoch {
  const { accuracy = 0, ...others } = losses
  const held = score === undefined || validation === undefined ? notes : evaluationIn(score, validation.labels.length)
  return {
    epoch: before + epoch,
    loss,
    losses: others,
    trainAccuracy: accuracy,
    validationAccuracy: held?.accuracy ?? null,
    validationLoss: held?.loss ?? null,
    seconds: seconds.get(epoch) ?? null,
  }
}
