import { exposeParameters, withParameters } from '../autodiff/index.ts'
import { DivergedError, InvalidInputError } from '../errors.ts'
import { type Model, upgradeModel } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { type Random, scalarOf, seededRandom } from '../tensor/index.ts'
import { breathing } from './breathing.ts'
import { endEpoch } from './end-epoch.ts'
import { predictor } from './evaluation.ts'
import { identityOf } from './identity.ts'
import { checkState, type LastStep } from './last-step.ts'
import { type Position, readNewest, writePosition } from './resuming.ts'
import { weightsOf } from './run-step.ts'
import type { Schedule } from './schedules/index.ts'
import { type BatchMoment, checkOptions, type EpochRecord, type TrainOptions } from './train-options.ts'
import type { TrainingData } from './training-data.ts'
import { type CompiledTurns, compileTurns, runTurns } from './turns.ts'

export interface TrainingResult {
  /** The model as it was given, with trained weights: the last ones, or the best ones where there is validation. */
  readonly model: Model
  readonly history: readonly EpochRecord[]
  /** The epoch whose weights the model has; an epoch that was broken off does not count. */
  readonly epoch: number
  readonly stopped: 'finished' | 'no improvement' | 'aborted'
}

/**
 * Trains a model: epochs over shuffled rows, the last batch as short as it comes. Same seed, same result; going on from
 * a checkpoint gives the same as never having stopped. Throws `DivergedError` where a loss or a weight is infinite or no
 * number, and `InvalidInputError` for settings, data and checkpoints that do not fit.
 */
export async function train(runtime: Runtime, model: Model, options: TrainOptions): Promise<TrainingResult> {
  checkOptions(options)
  const { data, epochs, batchSize, checkpoints, checkpointEvery, validation, signal } = options
  const random = seededRandom(options.seed ?? 0)
  const perEpoch = Math.ceil(data.rows / batchSize)
  const stepFor = compiledBySize(runtime, model, options)
  const batchAt = batchesAhead(options, random)
  const open = upgradeModel(exposeParameters(model))
  const first = await batchAt(0)
  const given = await further(options, first, {
    epoch: 1,
    step: 0,
    weights: Object.fromEntries(open.graph.initializers),
  })
  const compiled = await stepFor(given)
  const predictWith = predictor(runtime, open, Object.keys(compiled.weights))
  let at: Position = {
    state: compiled.start,
    epoch: 0,
    step: 0,
    lossSum: 0,
    lossSums: {},
    normSum: 0,
    history: [],
    stale: 0,
  }
  const identity = checkpoints && identityOf(options, model, compiled)
  if (checkpoints && identity) at = (await readNewest(checkpoints, identity, options.onWarning)) ?? at
  let last: LastStep | undefined
  const save = async () => {
    // Weights that overflowed are neither stored nor returned.
    await checkState(runtime, at.state, last)
    if (checkpoints && identity) await writePosition(checkpoints, identity, at)
  }
  const isStale = () => validation?.patience !== undefined && at.stale >= validation.patience
  const finish = (stopped: TrainingResult['stopped']): TrainingResult => {
    const kept = at.best ?? { state: weightsOf(compiled, at.state), epoch: at.epoch }
    return { model: withParameters(model, kept.state), history: at.history, epoch: kept.epoch, stopped }
  }
  const breathe = breathing()

  while (at.epoch < epochs && !isStale()) {
    while (at.step < perEpoch) {
      if (signal?.aborted) {
        await save()
        return finish('aborted')
      }
      const next = await advance(runtime, options, at, batchAt, stepFor, compiled).catch(async (error: unknown) => {
        // What broke the weights was the step before.
        if (error instanceof DivergedError) await checkState(runtime, at.state, last)
        throw error
      })
      at = next.at
      last = next.last
      const done = at.epoch * perEpoch + at.step
      if (checkpointEvery !== undefined && done % checkpointEvery === 0 && at.step < perEpoch) await save()
      await breathe()
    }
    await checkState(runtime, at.state, last)
    at = await endEpoch(options, at, compiled, predictWith)
    at = noted(at, await options.notes?.(weightsOf(compiled, at.state)))
    await options.onEpoch?.(at.history.at(-1)!)
    await save()
  }
  return finish(at.epoch < epochs ? 'no improvement' : 'finished')
}

/** The position with numbers kept in the last epoch's record. */
const noted = (at: Position, notes: EpochRecord['notes']): Position =>
  notes === undefined ? at : { ...at, history: [...at.history.slice(0, -1), { ...at.history.at(-1)!, notes }] }

type StepFor = (batch: Tensors) => Promise<CompiledTurns>

/** A step for each number of rows that a batch has: all batches but the last one share one. */
function compiledBySize(runtime: Runtime, model: Model, options: TrainOptions): StepFor {
  const bySize = new Map<string, Promise<CompiledTurns>>()
  const turns = options.turns ?? [options]
  return (batch) => {
    const key = JSON.stringify(Object.entries(batch).map(([name, { dims }]) => [name, dims]))
    const found =
      bySize.get(key) ??
      compileTurns(runtime, model, turns, { ...options, batch, average: options.averaging !== undefined })
    bySize.set(key, found)
    return found
  }
}

/** The order of the rows in an epoch, which depends on the seed and the epoch alone. */
const orderOf = (random: Random, epoch: number, { rows, order }: TrainingData): Int32Array =>
  order === 'kept' ? Int32Array.from({ length: rows }, (_, i) => i) : random.fork(`epoch ${epoch}`).permutation(rows)

/** A batch and the rows that it is made of. */
interface Batch {
  readonly rows: Int32Array
  readonly tensors: Tensors
}

/** The batch of a step, which counts over the whole training. */
type BatchAt = (step: number) => Promise<Batch>

/** The batch with what the weights of the moment give. */
const further = async (
  { inputs }: TrainOptions,
  { rows, tensors }: Batch,
  moment: Pick<BatchMoment, 'epoch' | 'step' | 'weights'>,
): Promise<Tensors> =>
  inputs === undefined ? tensors : { ...tensors, ...(await inputs({ ...moment, rows, batch: tensors })) }

/** Gives the batches of steps; the one that follows is begun at once, and is there when it is asked for. */
function batchesAhead(options: TrainOptions, random: Random): BatchAt {
  const { data, batchSize, epochs } = options
  const perEpoch = Math.ceil(data.rows / batchSize)
  let order: { readonly epoch: number; readonly rows: Int32Array } | undefined
  const make = (step: number): Promise<Batch> => {
    const epoch = Math.floor(step / perEpoch)
    if (order?.epoch !== epoch) order = { epoch, rows: orderOf(random, epoch, data) }
    const batch = makeBatch(options, order.rows, step, epoch + 1)
    // One that is never asked for must not end the process by failing.
    batch.catch(() => undefined)
    return batch
  }
  let made = new Map<number, Promise<Batch>>()
  return async (step) => {
    const batch = made.get(step) ?? make(step)
    const following = step + 1 < perEpoch * epochs ? (made.get(step + 1) ?? make(step + 1)) : undefined
    made = new Map([[step, batch], ...(following === undefined ? [] : [[step + 1, following] as const])])
    return batch
  }
}

/** The rows of a step with the scalars that change from step to step. */
async function makeBatch(options: TrainOptions, order: Int32Array, step: number, epoch: number): Promise<Batch> {
  const { data, batchSize, scalars = {} } = options
  const within = step % Math.ceil(data.rows / batchSize)
  const rows = order.slice(within * batchSize, (within + 1) * batchSize)
  const extra = Object.entries(scalars).map(([name, value]) => [
    name,
    scalarOf(scheduled(name, value, options, step), 'float32'),
  ])
  return { rows, tensors: { ...(await data.batch(rows, epoch)), ...Object.fromEntries(extra) } }
}

function scheduled(name: string, value: Schedule, { data, batchSize, epochs }: TrainOptions, step: number): number {
  const found = value(step, Math.ceil(data.rows / batchSize) * epochs)
  if (Number.isFinite(found)) return found
  throw new InvalidInputError(
    `${name} of step ${step + 1} is ${found}: a finite number is expected; check its schedule`,
  )
}

/** One step further. */
async function advance(
  runtime: Runtime,
  options: TrainOptions,
  at: Position,
  batchAt: BatchAt,
  stepFor: StepFor,
  compiled: CompiledTurns,
): Promise<{ at: Position; last: LastStep }> {
  const { data, batchSize, epochs, schedule, averaging, onStep } = options
  const perEpoch = Math.ceil(data.rows / batchSize)
  const step = at.epoch * perEpoch + at.step
  const drawn = await batchAt(step)
  const learningRate = scheduled('the learning rate', schedule, options, step)
  const moment = { step, learningRate, averagePart: averaging?.(step, perEpoch) ?? 0 }
  const batch = await further(options, drawn, {
    epoch: at.epoch + 1,
    step: at.step,
    weights: weightsOf(compiled, at.state),
  })
  const turns = await stepFor(batch)
  const { result, last } = await runTurns(runtime, turns, at.state, batch, moment)
  const { state, ...record } = result
  await onStep?.({ ...record, step: step + 1, steps: perEpoch * epochs, epoch: at.epoch + 1, learningRate })
  const rows = Math.min(batchSize, data.rows - at.step * batchSize)
  return {
    at: {
      ...at,
      state,
      step: at.step + 1,
      lossSum: at.lossSum + record.loss * rows,
      lossSums: Object.fromEntries(
        Object.entries(record.losses).map(([name, loss]) => [name, (at.lossSums[name] ?? 0) + loss * rows]),
      ),
      normSum: at.normSum + (record.gradientNorm ?? 0) * rows,
    },
    last,
  }
}
