import { tensor } from '../../../tensor/index.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { softmaxRows } from '../trainer/selection.ts'
import { unitRows } from './unit-rows.ts'

/** The inputs of a step that hold what is remembered of all target rows, and where the batch's rows are among them. */
export const FEATURES = 'features of all rows'
export const PREDICTIONS = 'predictions of all rows'
export const PLACES = 'places'

/**
 * Features of length 1 (`n × d`) and predictions (`n × C`) of all target rows as they were last seen: by the network at the
 * start of the epoch, and since then by the network that had the row in its batch.
 */
export function memoryBanks() {
  let known: { readonly epoch: number; readonly features: Float32Array; readonly predictions: Float32Array } | undefined
  return async ({ epoch, step, rows: { target }, network, input }: DeepMoment) => {
    const { target: all, classes } = network.problem
    if (step === 0 || known?.epoch !== epoch) {
      const { features, logits } = await network.on(all)
      known = {
        epoch,
        features: Float32Array.from(unitRows(features).data),
        predictions: Float32Array.from(softmaxRows(logits).data),
      }
    } else {
      const { features, logits } = await network.run(input)
      put(known.features, unitRows(features).data, target)
      put(known.predictions, softmaxRows(logits).data, target)
    }
    const { features, predictions } = known
    return {
      [PLACES]: tensor('int64', [target.length], BigInt64Array.from(target, BigInt)),
      [FEATURES]: tensor('float32', [all.rows, features.length / all.rows], features),
      [PREDICTIONS]: tensor('float32', [all.rows, classes], predictions),
    }
  }
}

/** Writes rows into their places of a bank. */
function put(bank: Float32Array, rows: Float64Array, places: Int32Array): void {
  const width = rows.length / places.length
  places.forEach((place, i) => {
    for (let j = 0; j < width; j++) bank[place * width + j] = rows[i * width + j]!
  })
}
