import { InvalidInputError } from '../../../errors.ts'
import { type Model, upgradeModel } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import { byDepth, measuredMoments } from './measured-moments.ts'
import { withMeasurements } from './measured-normalisation.ts'
import { type LayerStatistics, normalisationLayers, otherStatistics, withStatistics } from './normalisation-layers.ts'

/** The target's rows in batches, the model's inputs by name; called again for each pass over them. */
export type NormalisationBatches = () => Iterable<Tensors> | AsyncIterable<Tensors>

/**
 * Adaptive batch normalisation: the model with the mean and population variance of all target rows as the statistics of
 * its batch normalisations, and all else as it was. No label, no gradient. Each normalisation is measured after those
 * before it have their new statistics, so that the result does not depend on how rows are batched; that takes as many
 * passes over the batches as normalisations lie one behind the other. The model comes back at opset 18 or above; a
 * tensor of statistics that several normalisations shared is stored anew for each. Throws `InvalidInputError` where the
 * model has no batch normalisation, as where an exporter folded it into convolutions, and where there are no rows.
 *
 * Li, Wang, Shi, Hou, Liu 2018, Adaptive Batch Normalization for Practical Domain Adaptation.
 */
export async function adaptNormalisation(
  runtime: Runtime,
  model: Model,
  batches: NormalisationBatches,
): Promise<Model> {
  const plain = upgradeModel(model)
  const layers = normalisationLayers(plain.graph)
  if (layers.length === 0) {
    throw new InvalidInputError(
      'the model has no batch normalisation to adapt: export it without folding normalisation into its convolutions',
    )
  }
  const measuring = withMeasurements(plain, layers)
  const found: LayerStatistics[] = layers.map(({ mean, variance }) => ({ mean, variance }))
  for (const places of byDepth(layers)) {
    const moments = await measuredMoments(runtime, measuring, found, places, batches())
    for (const [i, { count, mean, deviations }] of moments) {
      const variance = deviations.map((value) => value / count)
      found[i] = otherStatistics(found[i]!, mean, variance)
    }
  }
  return withStatistics(plain, layers, found)
}
