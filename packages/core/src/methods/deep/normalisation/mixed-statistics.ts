import type { Model } from '../../../onnx/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import type { NormalisationBatches } from '../losses/adapt-normalisation.ts'
import type { Domains } from '../losses/domain-cross-entropy.ts'
import { byDepth, measuredMoments } from '../losses/measured-moments.ts'
import { withMeasurements } from '../losses/measured-normalisation.ts'
import { type LayerStatistics, type NormalisationLayer, otherStatistics } from '../losses/normalisation-layers.ts'
import type { RunningMoments } from '../losses/running-moments.ts'

/**
 * What AutoDIAL's layers normalise the target by, over all rows instead of a batch: the statistics of `α q_t + (1 − α) q_s`,
 * by layer. Each layer is measured with both domains normalised by their own mixtures in the layers before it.
 */
export async function mixedStatistics(
  runtime: Runtime,
  model: Model,
  layers: readonly NormalisationLayer[],
  alphas: readonly number[],
  rows: Domains<NormalisationBatches>,
): Promise<readonly LayerStatistics[]> {
  const measuring = withMeasurements(model, layers)
  const found = { source: [...layers] as LayerStatistics[], target: [...layers] as LayerStatistics[] }
  for (const places of byDepth(layers)) {
    const source = await measuredMoments(runtime, measuring, found.source, places, rows.source())
    const target = await measuredMoments(runtime, measuring, found.target, places, rows.target())
    for (const i of places) {
      const [s, t] = [source.get(i)!, target.get(i)!]
      found.source[i] = mixture(layers[i]!, s, t, alphas[i]!)
      found.target[i] = mixture(layers[i]!, t, s, alphas[i]!)
    }
  }
  return found.target
}

/** The mean and population variance of `α own + (1 − α) other`, in the layer's form. */
function mixture(layer: LayerStatistics, own: RunningMoments, other: RunningMoments, alpha: number): LayerStatistics {
  const mean = own.mean.map((value, c) => alpha * value + (1 - alpha) * other.mean[c]!)
  const variance = own.deviations.map((value, c) => {
    const gap = own.mean[c]! - other.mean[c]!
    const within = (alpha * value) / own.count + ((1 - alpha) * other.deviations[c]!) / other.count
    return within + alpha * (1 - alpha) * gap * gap
  })
  return otherStatistics(layer, mean, variance)
}
