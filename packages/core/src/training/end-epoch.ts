import { InvalidInputError } from '../errors.ts'
import type { Tensors } from '../runtime/index.ts'
import type { Predict } from './evaluation.ts'
import type { Position } from './resuming.ts'
import { weightsOf } from './run-step.ts'
import type { EpochRecord, TrainOptions } from './train-options.ts'
import type { CompiledTurns } from './turns.ts'

/** Scores the epoch's weights, and keeps them where they are the best so far. */
export async function endEpoch(
  { data, batchSize, epochs, schedule, validation, clipNorm }: TrainOptions,
  at: Position,
  compiled: CompiledTurns,
  predictWith: (state: Tensors) => Predict,
): Promise<Position> {
  const perEpoch = Math.ceil(data.rows / batchSize)
  const learningRate = schedule((at.epoch + 1) * perEpoch - 1, perEpoch * epochs)
  const epoch = at.epoch + 1
  const weights = weightsOf(compiled, at.state)
  const score = await validation?.score(predictWith(weights), weights)
  const record: EpochRecord = {
    epoch,
    loss: at.lossSum / data.rows,
    losses: Object.fromEntries(Object.entries(at.lossSums).map(([name, sum]) => [name, sum / data.rows])),
    ...(clipNorm === undefined ? {} : { gradientNorm: at.normSum / data.rows }),
    learningRate,
    ...(score === undefined ? {} : { score }),
  }
  const next = { ...at, epoch, step: 0, lossSum: 0, lossSums: {}, normSum: 0, history: [...at.history, record] }
  if (score === undefined) return next
  if (!Number.isFinite(score)) {
    throw new InvalidInputError(`the validation score of epoch ${epoch} is ${score}: a finite number is expected`)
  }
  const improved = at.best === undefined || score > at.best.score
  return improved ? { ...next, best: { state: weights, epoch, score }, stale: 0 } : { ...next, stale: at.stale + 1 }
}
