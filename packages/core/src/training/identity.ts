import { type Model, writeModel } from '../onnx/index.ts'
import { fingerprint } from '../runtime/index.ts'
import type { Schedule } from './schedules/index.ts'
import type { TrainOptions } from './train-options.ts'
import type { CompiledTurns } from './turns.ts'

/** What must be equal for a checkpoint to be gone on with; the names are what messages call it. */
export type Identity = Readonly<Record<string, number | string>>

/** How often in all a function of the step is looked at: functions cannot be compared, what they give can. */
const SAMPLES = 9

/**
 * What a training is: its settings, the model it starts from, and the graph of its step, which holds losses, optimiser,
 * groups, clipping and frozen weights. The rows themselves are not looked at, only how many they are.
 */
export function identityOf(options: TrainOptions, model: Model, { turns }: CompiledTurns): Identity {
  const { seed = 0, epochs, batchSize, data, schedule, scalars = {}, averaging, validation } = options
  const perEpoch = Math.ceil(data.rows / batchSize)
  const steps = perEpoch * epochs
  const places = Array.from({ length: SAMPLES }, (_, i) => Math.round((i * (steps - 1)) / (SAMPLES - 1)))
  const sampled = (value: Schedule) => places.map((step) => value(step, steps).toPrecision(6)).join(' ')
  const ends = (step: number) => averaging?.((step + 1) * perEpoch - 1, perEpoch) ?? 0
  return {
    seed,
    epochs,
    'batch size': batchSize,
    rows: data.rows,
    optimiser: options.optimiser.name,
    'learning rates': sampled(schedule),
    scalars: Object.entries(scalars)
      .map(([name, value]) => `${name} ${sampled(value)}`)
      .join(', '),
    averaging:
      averaging === undefined
        ? 'none'
        : `${sampled((step) => averaging(step, perEpoch))} ${Array.from({ length: epochs }, (_, i) => ends(i)).join(' ')}`,
    patience: validation === undefined ? 'no validation' : (validation.patience ?? 'none'),
    model: fingerprint(writeModel(model)),
    'compiled step (losses, optimiser, groups, clipping, trained parameters)': turns
      .map(({ step, times }) => `${fingerprint(writeModel(step.model))}${times === 1 ? '' : ` × ${times}`}`)
      .join(', '),
  }
}
