import { exposeParameters, withParameters } from '../autodiff/index.ts'
import { DivergedError } from '../errors.ts'
import { type Model, upgradeModel } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { type Random, scalarOf, seededRandom } from '../tensor/index.ts'
import { type CompiledStep, compileStep } from './compile-step.ts'
import { firstBroken } from './divergence.ts'
import { type Predict, predictor } from './evaluation.ts'
import { type Identity, type Position, readNewest, writePosition } from './resuming.ts'
import { runStep, weightsOf } from './run-step.ts'
import { checkOptions, type EpochRecord, type TrainOptions } from './train-options.ts'

export interface TrainingResult {
  /** The model as it was given, with trained weights: the last ones, or the best ones where there is validation. */
  readonly model: Model
  readonly history: readonly EpochRecord[]
  /** The epoch whose weights the model has. */
  readonly epoch: number
  readonly stopped: 'finished' | 'no improvement' | 'aborted'
}

/**
 * Trains a model: epochs over shuffled rows, the last batch as short as it comes. Same seed, same result; going on from
 * a checkpoint gives the same as never having stopped. Throws `DivergedError` where a loss or a weight is infinite or no
 * number.
 */
export async function train(runtime: Runtime, model: Model, options: TrainOptions): Promise<TrainingResult> {
  checkOptions(options)
  const { data, epochs, batchSize, checkpoints, validation, signal } = options
  const random = seededRandom(options.seed ?? 0)
  const perEpoch = Math.ceil(data.rows / batchSize)
  const steps = perEpoch * epochs
  const stepFor = compiledBySize(runtime, model, options)
  const compiled = await stepFor(await batchAt(options, orderOf(random, 0, data.rows), 0, steps))
  const predictWith = predictor(runtime, upgradeModel(exposeParameters(model)), Object.keys(compiled.weights))
  const identity = identityOf(options, compiled)
  let at: Position = { state: compiled.start, epoch: 0, step: 0, lossSum: 0, history: [], stale: 0 }
  if (checkpoints !== undefined) at = (await readNewest(checkpoints, identity, at, options.onWarning)) ?? at
  const save = async () => checkpoints && writePosition(checkpoints, identity, at)
  const isStale = () => validation?.patience !== undefined && at.stale >= validation.patience
  const finish = (stopped: TrainingResult['stopped']): TrainingResult => {
    const kept = at.best ?? { state: weightsOf(compiled, at.state), epoch: at.history.length }
    return { model: withParameters(model, kept.state), history: at.history, epoch: kept.epoch, stopped }
  }

  while (at.epoch < epochs && !isStale()) {
    const order = orderOf(random, at.epoch, data.rows)
    while (at.step < perEpoch) {
      if (signal?.aborted) {
        await save()
        return finish('aborted')
      }
      at = await advance(runtime, options, at, order, { perEpoch, steps }, stepFor)
      const done = at.epoch * perEpoch + at.step
      const { checkpointEvery } = options
      if (checkpointEvery !== undefined && done % checkpointEvery === 0 && at.step < perEpoch) await save()
      await breathe()
    }
    at = await endEpoch(options, at, compiled, perEpoch, predictWith)
    options.onEpoch?.(at.history.at(-1)!)
    await save()
  }
  return finish(at.epoch < epochs ? 'no improvement' : 'finished')
}

type StepFor = (batch: Tensors) => Promise<CompiledStep>

/** A step for each number of rows that a batch has: all batches but the last one share one. */
function compiledBySize(runtime: Runtime, model: Model, options: TrainOptions): StepFor {
  const bySize = new Map<string, Promise<CompiledStep>>()
  return (batch) => {
    const key = JSON.stringify(Object.entries(batch).map(([name, { dims }]) => [name, dims]))
    const found =
      bySize.get(key) ?? compileStep(runtime, model, { ...options, batch, average: options.averaging !== undefined })
    bySize.set(key, found)
    return found
  }
}

/** The order of the rows in an epoch, which depends on the seed and the epoch alone. */
const orderOf = (random: Random, epoch: number, rows: number): Int32Array =>
  random.fork(`epoch ${epoch}`).permutation(rows)

/** The rows of a step with the scalars that change from step to step; `step` counts over the whole training. */
async function batchAt(options: TrainOptions, order: Int32Array, step: number, steps: number): Promise<Tensors> {
  const { data, batchSize, scalars = {} } = options
  const within = step % Math.ceil(data.rows / batchSize)
  const rows = order.slice(within * batchSize, (within + 1) * batchSize)
  const extra = Object.entries(scalars).map(([name, value]) => [name, scalarOf(value(step, steps), 'float32')])
  return { ...(await data.batch(rows)), ...Object.fromEntries(extra) }
}

/** One step further. */
async function advance(
  runtime: Runtime,
  options: TrainOptions,
  at: Position,
  order: Int32Array,
  { perEpoch, steps }: { perEpoch: number; steps: number },
  stepFor: StepFor,
): Promise<Position> {
  const step = at.epoch * perEpoch + at.step
  const batch = await batchAt(options, order, step, steps)
  const learningRate = options.schedule(step, steps)
  const averagePart = options.averaging?.(step, perEpoch) ?? 0
  const moment = { step, learningRate, averagePart }
  const { state, ...record } = await runStep(runtime, await stepFor(batch), at.state, batch, moment)
  options.onStep?.({ ...record, step: step + 1, steps, epoch: at.epoch + 1, learningRate })
  const rows = Math.min(options.batchSize, options.data.rows - at.step * options.batchSize)
  return { ...at, state, step: at.step + 1, lossSum: at.lossSum + record.loss * rows }
}

/** Checks and scores the epoch's weights, and keeps them where they are the best so far. */
async function endEpoch(
  options: TrainOptions,
  at: Position,
  compiled: CompiledStep,
  perEpoch: number,
  predictWith: (state: Tensors) => Predict,
): Promise<Position> {
  const done = (at.epoch + 1) * perEpoch
  const learningRate = options.schedule(done - 1, perEpoch * options.epochs)
  const loss = at.lossSum / options.data.rows
  const broken = firstBroken(at.state)
  if (broken !== undefined) {
    throw new DivergedError({ step: done, learningRate, loss, tensor: broken }, 'the update overflowed')
  }
  const weights = weightsOf(compiled, at.state)
  const score = await options.validation?.score(predictWith(weights))
  const record: EpochRecord = { epoch: at.epoch + 1, loss, learningRate, ...(score === undefined ? {} : { score }) }
  const next = { ...at, epoch: at.epoch + 1, step: 0, lossSum: 0, history: [...at.history, record] }
  if (score === undefined) return next
  const improved = at.best === undefined || score > at.best.score
  return improved
    ? { ...next, best: { state: weights, epoch: record.epoch, score }, stale: 0 }
    : { ...next, stale: at.stale + 1 }
}

/** What a checkpoint must agree in to be gone on with. */
const identityOf = ({ seed = 0, epochs, batchSize, data }: TrainOptions, compiled: CompiledStep): Identity => ({
  seed,
  epochs,
  batchSize,
  rows: data.rows,
  optimiser: compiled.optimiser.name,
  parameters: compiled.parameters.join(' '),
})

let lastBreath = 0

/** Lets timers and signals be served, a few times a second: runs block the thread they are on. */
async function breathe(): Promise<void> {
  if (performance.now() - lastBreath < 50) return
  await new Promise<void>((resolve) => setTimeout(resolve))
  lastBreath = performance.now()
}
