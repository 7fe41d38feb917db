import { DivergedError, InvalidInputError } from '../errors.ts'
import type { Tensors } from '../runtime/index.ts'
import type { CompiledStep } from './compile-step.ts'
import { firstBroken } from './divergence.ts'
import type { Predict } from './evaluation.ts'
import type { Position } from './resuming.ts'
import { weightsOf } from './run-step.ts'
import type { EpochRecord, TrainOptions } from './train-options.ts'

/** Throws `DivergedError` where weights or what is kept beside them overflowed in an update up to this position. */
export function checkState({ data, batchSize, epochs, schedule }: TrainOptions, at: Position): void {
  const tensor = firstBroken(at.state)
  if (tensor === undefined) return
  const perEpoch = Math.ceil(data.rows / batchSize)
  const step = at.epoch * perEpoch + at.step
  const learningRate = schedule(step - 1, perEpoch * epochs)
  throw new DivergedError({ step, learningRate, loss: at.loss, tensor }, 'the update overflowed')
}

/** Checks and scores the epoch's weights, and keeps them where they are the best so far. */
export async function endEpoch(
  options: TrainOptions,
  at: Position,
  compiled: CompiledStep,
  predictWith: (state: Tensors) => Predict,
): Promise<Position> {
  const { data, batchSize, epochs, schedule, validation } = options
  checkState(options, at)
  const perEpoch = Math.ceil(data.rows / batchSize)
  const learningRate = schedule((at.epoch + 1) * perEpoch - 1, perEpoch * epochs)
  const epoch = at.epoch + 1
  const weights = weightsOf(compiled, at.state)
  const score = await validation?.score(predictWith(weights))
  const record: EpochRecord = {
    epoch,
    loss: at.lossSum / data.rows,
    learningRate,
    ...(score === undefined ? {} : { score }),
  }
  const next = { ...at, epoch, step: 0, lossSum: 0, history: [...at.history, record] }
  if (score === undefined) return next
  if (!Number.isFinite(score)) {
    throw new InvalidInputError(`the validation score of epoch ${epoch} is ${score}: a finite number is expected`)
  }
  const improved = at.best === undefined || score > at.best.score
  return improved ? { ...next, best: { state: weights, epoch, score }, stale: 0 } : { ...next, stale: at.stale + 1 }
}
