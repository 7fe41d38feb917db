import { withParameters } from '../autodiff/index.ts'
import type { Block } from '../networks/index.ts'
import { type Random, sizeOf } from '../tensor/index.ts'
import { type FineTuned, fineTune, type PartRows } from './fine-tune.ts'
import { freshRest } from './fresh-rest.ts'
import type { Strategy, StrategyContext, TuningPlan } from './strategy.ts'
import { parametersFor, partInputs, type RowInputs, type TrainedPart, trainedPart } from './trained-part.ts'
import type { TuneRequest } from './tune-request.ts'
import type { TunedNetwork } from './tuned-network.ts'
import type { TuningSettings } from './tuning-settings.ts'
import type { ChosenRows } from './validation-rows.ts'

/** All that training from a depth needs. */
export interface TuningWork {
  readonly request: TuneRequest
  readonly strategy: Strategy
  /** The strategy's own settings, with defaults. */
  readonly options: Readonly<Record<string, unknown>>
  readonly settings: TuningSettings
  readonly blocks: readonly Block[]
  /** What training starts from. */
  readonly network: TunedNetwork
  /** The same with the best head on fixed features. */
  readonly fixed: TunedNetwork
  /** How far to go from there to the trained weights; see `FineTuneRequest`. */
  readonly parts: readonly number[]
  /** The embeddings of training rows by view: the inputs where all blocks are kept. */
  readonly embedded: RowInputs
  /** What the kept blocks give, where an earlier training from the same depth ran them. */
  readonly inputs?: RowInputs
  readonly rows: ChosenRows
  /** How many of the first blocks are kept as they are. */
  readonly reuse: number
  readonly epochs: number
  readonly random: Random
  /** What the training is called among checkpoints; a trial that keeps none has no name. */
  readonly name?: string
}

/** A training from a depth. */
export interface TunedFrom extends Omit<FineTuned, 'network'> {
  readonly network: TunedNetwork
  readonly trainable: { readonly parameters: number; readonly tensors: number }
  readonly facts: Readonly<Record<string, number | string>>
  /** What running the base took, in all. */
  readonly baseSeconds: number
  /** What the kept blocks give for training rows, by view. */
  readonly inputs: RowInputs
}

/** With fewer rows than this, varying them and training on all of them once more is worth its time. */
export const FEW = 1000

/**
 * The part of a label that is spread over all classes where trained blocks see rows in random views: the few rows that there
 * are would be fitted with ever larger logits otherwise, and all else that is learned is noise (Szegedy 2016, section 7).
 */
const SMOOTHING = 0.1

/** The name of the training that is told of epoch by epoch. */
export const TUNING = 'tuning'

/** Runs what is kept once for each row, and trains the rest by the strategy. */
export async function tuneFrom(work: TuningWork): Promise<TunedFrom> {
  const { request, strategy, options, settings, blocks, rows, reuse, epochs, name } = work
  const afresh = settings.rest === 'afresh'
  const network = afresh ? freshRest(work.network, blocks, reuse, work.random.fork('rest')) : work.network
  const { runtime, training, hooks = {}, signal, seed = 0 } = request
  const part = trainedPart(network.model, cutAfter(reuse, blocks, network))
  const progress = (done: number, total: number) => hooks.onProgress?.('the kept part', done, total)
  const all =
    work.inputs ?? (reuse === blocks.length ? work.embedded : partInputs(runtime, part, training, progress, signal))
  const viewOf = viewsOf(request, part, settings)
  const labelSmoothing = settings.labelSmoothing ?? (viewOf(1) !== 0 && reuse < blocks.length ? SMOOTHING : 0)
  const since = performance.now()
  if (part.base !== undefined) for (const view of new Set([0, viewOf(1)])) await all(Int32Array.of(0), view)
  const baseSeconds = (performance.now() - since) / 1000
  const rowsOf = (chosen: Int32Array): PartRows => ({
    labels: chosen.map((row) => training.labels[row]!),
    inputs: (some, epoch) =>
      all(
        some.map((row) => chosen[row]!),
        viewOf(epoch),
      ),
  })
  const trained = rowsOf(rows.training)
  const context = contextOf(work, part, trained)
  const plan = await strategy.plan(context, options)
  const validation = validationRows(work, part, rowsOf)
  const found = await fineTune(runtime, {
    network: part.network,
    ...(afresh
      ? { parts: [1, 0] }
      : { parts: work.parts, start: trainedPart(work.fixed.model, cutAfter(reuse, blocks, network)).network }),
    input: part.input,
    plan,
    training: trained,
    ...(validation && { validation }),
    settings: { ...settings, labelSmoothing },
    epochs,
    seed,
    ...(request.checkpoints && name && { checkpoints: (phase) => request.checkpoints!(`${name}-${phase + 1}`) }),
    ...(name === TUNING && hooks.onEpoch && { onEpoch: (epoch) => hooks.onEpoch!(epoch, epochs) }),
    onStep: (step, steps) => hooks.onProgress?.(name ?? `depth ${reuse}`, step, steps),
    ...(hooks.onWarning && { onWarning: hooks.onWarning }),
    ...(signal && { signal }),
  })
  const { initializers } = network.model.graph
  const changed = [...found.network.graph.initializers].filter(([key, value]) => {
    const before = initializers.get(key)
    return before !== undefined && before !== value
  })
  return {
    ...found,
    network: { ...network, model: withParameters(network.model, Object.fromEntries(changed)) },
    trainable: countTrained(plan, context),
    facts: {
      ...plan.facts,
      ...(settings.labelSmoothing === undefined && labelSmoothing > 0 && { labelSmoothing }),
      ...(found.part > 0 && found.part < 1 && { blend: found.part }),
    },
    baseSeconds,
    inputs: all,
  }
}

/** The value that the kept blocks end with; undefined where none is kept. */
function cutAfter(reuse: number, blocks: readonly Block[], { embedding }: TunedNetwork): string | undefined {
  if (reuse === 0) return undefined
  return reuse === blocks.length ? embedding : blocks[reuse - 1]!.output
}

/** The view of an epoch: rows as they are (0), one of a few beside a kept part, or one of its own. */
function viewsOf({ augmented = false, training }: TuneRequest, { base }: TrainedPart, settings: TuningSettings) {
  const views = settings.views ?? (training.rows < FEW ? 4 : 0)
  return (epoch: number): number => {
    if (!augmented || epoch === 0) return 0
    if (base === undefined) return epoch
    return views === 0 ? 0 : 1 + ((epoch - 1) % views)
  }
}

function validationRows(
  { request, rows }: TuningWork,
  part: TrainedPart,
  rowsOf: (chosen: Int32Array) => PartRows,
): PartRows | undefined {
  if (rows.heldOut !== undefined) return rowsOf(rows.heldOut)
  if (rows.given === undefined) return undefined
  const inputs = partInputs(request.runtime, part, rows.given, () => {}, request.signal)
  return { labels: rows.given.labels, inputs: (some) => inputs(some, 0) }
}

function contextOf(work: TuningWork, { network, input, base }: TrainedPart, trained: PartRows): StrategyContext {
  const { request, blocks, reuse, network: tuned, settings } = work
  const { runtime, oldTask, hooks = {}, signal } = request
  const own = parametersFor(network, 'logits')
  const old = tuned.oldHead && parametersFor(network, tuned.oldHead.output)
  const oldInputs = oldTask && partInputs(runtime, { network, input, ...(base && { base }) }, oldTask, () => {}, signal)
  return {
    runtime,
    random: work.random,
    network,
    input,
    blocks: blocks
      .slice(reuse)
      .map(({ parameters }) => parameters.filter((name) => own[name] !== undefined))
      .filter((names) => names.length > 0),
    head: tuned.head,
    ...(tuned.oldHead &&
      old && { oldHead: { ...tuned.oldHead, parameters: Object.keys(old).filter((name) => own[name] === undefined) } }),
    start: { ...old, ...own },
    rows: trained.labels.length,
    classes: request.classes,
    labels: trained.labels,
    inputs: trained.inputs,
    ...(oldTask &&
      oldInputs && { oldTask: { rows: oldTask.rows, labels: oldTask.labels, inputs: (some) => oldInputs(some, 0) } }),
    epochs: work.epochs,
    batchSize: settings.batchSize,
    progress: (what, done, total) => hooks.onProgress?.(what, done, total),
    ...(signal && { signal }),
  }
}

/** What a plan trains in any of its phases. */
function countTrained({ phases = [{ epochs: 1 }], trainable, network }: TuningPlan, context: StrategyContext) {
  const own = parametersFor(network ?? context.network, 'logits')
  const chosen = Object.entries(context.start).filter(([name]) =>
    phases.some((phase) => (phase.trainable ?? trainable)?.(name) ?? own[name] !== undefined),
  )
  return { parameters: chosen.reduce((sum, [, { dims }]) => sum + sizeOf(dims), 0), tensors: chosen.length }
}
