import { DivergedError } from '../../../errors.ts'
import { mmd } from '../../../metrics/index.ts'
import type { Model } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import type { Random } from '../../../tensor/index.ts'
import {
  adam,
  type CheckpointStore,
  constantRate,
  cosine,
  dannRate,
  type EpochRecord,
  type Optimiser,
  type Schedule,
  sgd,
  train,
} from '../../../training/index.ts'
import { predictedClasses } from '../../rows.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import type { DeepSettings } from '../settings.ts'
import { batchLayout } from './batch-layout.ts'
import type { DeepEpoch } from './deep-history.ts'
import type { DeepProblem } from './deep-problem.ts'
import type { DeepStage } from './deep-stage.ts'
import { domainBatches } from './domain-batches.ts'
import { type NetworkOutputs, networkOutputs } from './network-outputs.ts'
import { type OpenStep, openStep, withKnown } from './open-step.ts'
import { type Selection, selectionScore } from './selection.ts'
import { stepTurns } from './step-turns.ts'

/** What training tells, and is told, besides its problem. */
export interface DeepHooks {
  readonly onStep?: (stage: string, done: number, total: number) => void
  readonly onEpoch?: (epoch: DeepEpoch) => void
  readonly onWarning?: (message: string) => void
  /** The accuracy of logits' classes on the target's rows, for curves alone. */
  readonly onlooker?: (predicted: Int32Array) => number
  /** Whether each epoch's discrepancy is measured. Default true. */
  readonly watch?: boolean
  readonly checkpoints?: (stage: string) => CheckpointStore | Promise<CheckpointStore>
  readonly signal?: AbortSignal
}

export interface StageRequest {
  readonly runtime: Runtime
  readonly problem: DeepProblem
  readonly network: DeepNetwork
  readonly stage: DeepStage
  readonly settings: DeepSettings
  readonly random: Random
  /** Weights so far, of the network and of extra ones, by name. */
  readonly weights: Tensors
  /** Whether an epoch may be chosen: so in the last stage. */
  readonly select?: Selection
  readonly hooks: DeepHooks
}

export interface StageResult {
  readonly weights: Tensors
  readonly epochs: readonly DeepEpoch[]
  readonly kept: number
  readonly warnings: readonly string[]
}

/** What a stage is called that has no name of its own. */
export const ADAPTATION = 'adaptation'

/** Rows of each domain that the discrepancy is measured on. */
const WATCHED = 300

/** Trains one stage of a deep method. Where it diverges, the last whole epoch is kept, with a warning. */
export async function trainStage(request: StageRequest): Promise<StageResult> {
  const { runtime, problem, network, stage, settings, random, hooks } = request
  const { name = ADAPTATION, uses = 'both', epochs = settings.epochs, batchSize = settings.batchSize } = stage
  const outputsOf = networkOutputs(runtime, network, problem)
  const weights = { ...request.weights, ...(await stage.before?.(outputsOf(request.weights), request.weights)) }
  const layout = batchLayout(problem, uses, batchSize, stage.views?.length)
  const opened = { ...network, model: withKnown(network.model, weights) }
  const { labelSmoothing } = settings
  const open = openStep(opened, stage, { layout, classes: problem.classes, random, labelSmoothing, known: weights })
  const { turns, scalars } = stepTurns(open, stage)
  // What a stage does not train is as earlier stages left it.
  const whole = (now: Tensors): Tensors => ({ ...weights, ...now })
  const input = { name: network.input, dims: network.dims }
  const data = domainBatches(problem, layout, input, {
    random: random.fork('batches'),
    ...(stage.labelledView && { labelled: stage.labelledView }),
    ...(stage.view && { first: stage.view }),
    ...(stage.views && { views: stage.views }),
  })
  const watch = watcher(request, outputsOf)
  const told: DeepEpoch[] = []
  let last: Tensors | undefined
  let since = performance.now()
  const { inputs } = stage
  try {
    const result = await train(runtime, open.model, {
      data,
      epochs,
      batchSize: layout.rows,
      losses: [],
      turns,
      scalars,
      optimiser: stage.optimiser ?? optimiserOf(settings),
      schedule: (stage.schedule ?? scheduleOf(settings))(settings.learningRate),
      groups: updateGroups(open, stage, settings),
      clipNorm: settings.clipNorm,
      batchNormalisation: stage.batchNormalisation ?? (network.fresh ? 'batch' : 'fixed'),
      ...(stage.averaging && { averaging: stage.averaging }),
      ...(inputs && {
        inputs: ({ epoch, step, batch, weights: now }) =>
          inputs({
            epoch,
            epochs,
            step,
            steps: layout.steps,
            rows: data.drawn((epoch - 1) * layout.steps + step),
            input: batch[network.input]!,
            layout,
            network: outputsOf(whole(now)),
            weights: whole(now),
          }),
      }),
      ...(request.select && {
        validation: {
          score: async (_, now) =>
            selectionScore(request.select!, (await outputsOf(whole(now)).on(problem.target)).logits),
        },
      }),
      ...(hooks.checkpoints && { checkpoints: await hooks.checkpoints(name) }),
      ...(hooks.signal && { signal: hooks.signal }),
      ...(hooks.onWarning && { onWarning: hooks.onWarning }),
      onStep: ({ step, steps }) => hooks.onStep?.(name, step, steps),
      async notes(now) {
        last = now
        const seconds = (performance.now() - since) / 1000
        const watched = await watch(whole(now))
        since = performance.now()
        return { ...watched, seconds }
      },
      onEpoch(record) {
        told.push(deepEpoch(name, record))
        hooks.onEpoch?.(told.at(-1)!)
      },
    })
    hooks.signal?.throwIfAborted()
    const trained = storedIn(result.model, weights, open, network)
    const changed = (await stage.after?.(withKnown(network.model, trained), outputsOf(trained), trained)) ?? {}
    return {
      weights: { ...trained, ...changed },
      epochs: result.history.map((record) => deepEpoch(name, record)),
      kept: result.epoch,
      warnings: [],
    }
  } catch (error) {
    if (!(error instanceof DivergedError) || last === undefined) throw error
    const warning = `${name}: training diverged after epoch ${told.length}, whose weights are kept: ${error.message}. Lower learningRate, the factor of the adaptation loss, or clipNorm`
    return { weights: { ...weights, ...last }, epochs: told, kept: told.length, warnings: [warning] }
  }
}

/** Measures what curves show besides losses. */
function watcher({ problem, hooks, random, runtime }: StageRequest, outputsOf: (weights: Tensors) => NetworkOutputs) {
  const sample = (rows: number, name: string) => random.fork(name).permutation(rows).slice(0, WATCHED).sort()
  const [source] = problem.sources
  return async (weights: Tensors): Promise<Record<string, number>> => {
    const network = outputsOf(weights)
    const discrepancy = async () => {
      const s = await network.on(source!, sample(source!.rows, 'watched source'))
      const t = await network.on(problem.target, sample(problem.target.rows, 'watched target'))
      return mmd(s.features, t.features, { runtime, random })
    }
    return {
      ...(hooks.watch !== false && { discrepancy: await discrepancy() }),
      ...(hooks.onlooker && {
        onlooker: hooks.onlooker(predictedClasses((await network.on(problem.target)).logits)),
      }),
    }
  }
}

/** The weights of a trained step's model: the network's, running statistics included, and those of extra networks. */
function storedIn({ graph }: Model, before: Tensors, { groups }: OpenStep, network: DeepNetwork): Tensors {
  const own = network.model.graph.initializers
  const stored = [...graph.initializers].filter(
    ([name, { type }]) => type === 'float32' && (own.has(name) || groups.has(name)),
  )
  return { ...before, ...Object.fromEntries(stored) }
}

/** How the groups are updated whose step size or weight decay is another than all others'. */
function updateGroups(open: OpenStep, { rates, decays = {} }: DeepStage, { backboneRate }: DeepSettings) {
  const factors: Readonly<Record<string, number>> = { backbone: backboneRate, ...rates }
  return [...new Set([...Object.keys(factors), ...Object.keys(decays)])].map((group) => ({
    match: (parameter: string) => open.groups.get(parameter) === group,
    rate: factors[group] ?? 1,
    ...(decays[group] !== undefined && { weightDecay: decays[group] }),
  }))
}

const optimiserOf = ({ optimiser, weightDecay }: DeepSettings): Optimiser =>
  optimiser === 'adam' ? adam({ weightDecay }) : sgd({ momentum: 0.9, weightDecay })

const scheduleOf =
  ({ schedule }: DeepSettings) =>
  (rate: number): Schedule =>
    schedule === 'annealed' ? dannRate(rate) : schedule === 'cosine' ? cosine(rate) : constantRate(rate)

function deepEpoch(stage: string, record: EpochRecord): DeepEpoch {
  const { epoch, loss, losses, gradientNorm = null, learningRate, score = null, notes = {} } = record
  const { discrepancy = null, onlooker = null, seconds = null } = notes
  return { stage, epoch, loss, losses, gradientNorm, learningRate, discrepancy, score, onlooker, seconds }
}
