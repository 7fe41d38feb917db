import { InvalidInputError } from '../../../errors.ts'
import { type Model, upgradeModel } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import type { Tensor } from '../../../tensor/index.ts'
import { type LayerNames, withMeasurements } from './measured-normalisation.ts'
import { type LayerStatistics, normalisationLayers, withStatistics } from './normalisation-layers.ts'
import { noMoments, type RunningMoments, withMoments } from './running-moments.ts'

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
  const { model: measuring, names } = withMeasurements(plain, layers)
  const wanted = new Set(measuring.graph.inputs.map(({ name }) => name))
  const found: LayerStatistics[] = layers.map(({ mean, variance }) => ({ mean, variance }))
  const depths = [...new Set(layers.map(({ depth }) => depth))].sort((a, b) => a - b)
  for (const depth of depths) {
    const places = [...layers.keys()].filter((i) => layers[i]!.depth === depth)
    const statistics = Object.fromEntries(
      names.flatMap(({ before }, i) => [
        [before.mean, found[i]!.mean],
        [before.variance, found[i]!.variance],
      ]),
    )
    const moments = new Map(places.map((i) => [i, noMoments(layers[i]!.mean.data.length)]))
    for await (const batch of batches()) {
      // Nothing measured lies behind the last statistics, so that they are no inputs.
      const given = Object.entries({ ...batch, ...statistics }).filter(([name]) => wanted.has(name))
      const results = await runtime.run(measuring, Object.fromEntries(given))
      for (const i of places) moments.set(i, seen(moments.get(i)!, results, names[i]!.after))
    }
    for (const [i, { count, mean, deviations }] of moments) {
      if (count === 0) throw new InvalidInputError('there are no target rows to measure: give one batch or more')
      found[i] = {
        mean: like(found[i]!.mean, mean),
        variance: like(
          found[i]!.variance,
          deviations.map((value) => value / count),
        ),
      }
    }
  }
  return withStatistics(plain, layers, found)
}

function seen(before: RunningMoments, results: Tensors, { mean, variance, shape }: LayerNames['after']) {
  const [rows, , length] = Array.from(results[shape]!.data as BigInt64Array, Number)
  const of = (name: string) => results[name]!.data as Float32Array
  return withMoments(before, rows! * length!, of(mean), of(variance))
}

const like = ({ type, dims }: Tensor<'float32' | 'float64'>, numbers: Float64Array): LayerStatistics['mean'] =>
  type === 'float64' ? { type, dims, data: numbers } : { type: 'float32', dims, data: Float32Array.from(numbers) }
