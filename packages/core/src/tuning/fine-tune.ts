import { cutTo } from '../autodiff/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import {
  adamW,
  type CheckpointStore,
  cosine,
  type Optimiser,
  type Predict,
  type Schedule,
  sgd,
  softmaxCrossEntropy,
  type TrainingData,
  train,
  type Validation,
  warmUp,
} from '../training/index.ts'
import { accuracyTerm } from './accuracy-term.ts'
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
  /** With the weights of the best epoch, or of the last one where no rows are held out. */
  readonly network: Model
  readonly epochs: readonly TunedEpoch[]
  /** The epoch whose weights they are: 0 where none was clearly better than the start. */
  readonly epoch: number
  /** On the rows held out. */
  readonly start?: Evaluation
  readonly best?: Evaluation
  readonly aborted: boolean
}

const TARGET = 'target of tuning'

/** Trains a network by a strategy's plan. Throws `DivergedError` and `InvalidInputError` as `train` does. */
export async function fineTune(runtime: Runtime, request: FineTuneRequest): Promise<FineTuned> {
  const { plan, input, validation, epochs, onEpoch } = request
  const trained = new Set(Object.keys(parametersFor(plan.network ?? request.network, 'logits')))
  const phases: readonly Phase[] = plan.phases ?? [{ epochs }]
  const evaluate = async (predict: Predict): Promise<Evaluation> =>
    evaluateRows(predict, input, validation!.labels, (rows) => validation!.inputs(rows, 0))
  const plain = (network: Model) => cutTo(network, [network.graph.outputs.find(({ name }) => name === 'logits')!])
  const start = validation && (await evaluate((inputs) => runtime.run(plain(request.network), inputs)))
  let best = { network: request.network, epoch: 0, score: start && validationScore(start) }
  let network = plan.network ?? request.network
  const history: TunedEpoch[] = []
  let aborted = false
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
      ...(validation && { validation: validationOf(evaluate, plan) }),
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
    const score = result.history.find(({ epoch }) => epoch === result.epoch)?.score
    const least = best.epoch === 0 && start !== undefined ? marginOf(start, validation!.labels.length) : 0
    if (best.score === undefined || (score !== undefined && score > best.score + least)) {
      best = { network, epoch: before + result.epoch, score }
    }
    aborted = result.stopped === 'aborted'
    if (aborted) break
  }
  return {
    network: best.network,
    epochs: history,
    epoch: best.epoch,
    ...(start && { start }),
    ...(best.score !== undefined && validation && { best: evaluationIn(best.score, validation.labels.length) }),
    aborted,
  }
}

/**
 * How much more accurate than the start an epoch has to be to take its place: half a standard error of an accuracy on so many
 * rows. The best of several epochs is better by chance alone, and a start that was found on other rows is not.
 */
function marginOf({ accuracy }: Evaluation, rows: number): number {
  // The rule of succession: where all rows were right, the share of rows that would be is not 1.
  const share = (accuracy * rows + 1) / (rows + 2)
  return 0.5 * Math.sqrt((share * (1 - share)) / rows)
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

const validationOf = (evaluate: (predict: Predict) => Promise<Evaluation>, { patience }: TuningPlan): Validation => ({
  score: async (predict) => validationScore(await evaluate(predict)),
  ...(patience === undefined ? {} : { patience }),
})

function tunedEpoch(
  {
    epoch,
    loss,
    losses,
    score,
  }: { epoch: number; loss: number; losses: Readonly<Record<string, number>>; score?: number },
  before: number,
  seconds: ReadonlyMap<number, number>,
  validation: PartRows | undefined,
): TunedEpoch {
  const { accuracy = 0, ...others } = losses
  const held =
    score === undefined || validation === undefined ? undefined : evaluationIn(score, validation.labels.length)
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
