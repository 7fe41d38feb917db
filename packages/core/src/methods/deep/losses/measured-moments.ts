import { InvalidInputError } from '../../../errors.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import type { LayerNames, MeasuringModel } from './measured-normalisation.ts'
import type { LayerStatistics, NormalisationLayer } from './normalisation-layers.ts'
import { noMoments, type RunningMoments, withMoments } from './running-moments.ts'

/** The places of normalisations that no other of their list lies before, then those behind these, and so on. */
export const byDepth = (layers: readonly NormalisationLayer[]): number[][] =>
  [...new Set(layers.map(({ depth }) => depth))]
    .sort((a, b) => a - b)
    .map((depth) => [...layers.keys()].filter((i) => layers[i]!.depth === depth))

/**
 * The moments, over all rows of the batches, of what the normalisations at some places are given while all of them use
 * the statistics `found`. Throws `InvalidInputError` where there are no rows.
 */
export async function measuredMoments(
  runtime: Runtime,
  { model, names }: MeasuringModel,
  found: readonly LayerStatistics[],
  places: readonly number[],
  batches: Iterable<Tensors> | AsyncIterable<Tensors>,
): Promise<Map<number, RunningMoments>> {
  const wanted = new Set(model.graph.inputs.map(({ name }) => name))
  const statistics = Object.fromEntries(
    names.flatMap(({ before }, i) => [
      [before.mean, found[i]!.mean],
      [before.variance, found[i]!.variance],
    ]),
  )
  const moments = new Map(places.map((i) => [i, noMoments(found[i]!.mean.data.length)]))
  for await (const batch of batches) {
    // Nothing measured lies behind the last statistics, so that they are no inputs.
    const given = Object.entries({ ...batch, ...statistics }).filter(([name]) => wanted.has(name))
    const results = await runtime.run(model, Object.fromEntries(given))
    for (const i of places) moments.set(i, seen(moments.get(i)!, results, names[i]!.after))
  }
  if ([...moments.values()].some(({ count }) => count === 0)) {
    throw new InvalidInputError('there are no target rows to measure: give one batch or more')
  }
  return moments
}

function seen(before: RunningMoments, results: Tensors, { mean, variance, shape }: LayerNames['after']) {
  const [rows, , length] = Array.from(results[shape]!.data as BigInt64Array, Number)
  const of = (name: string) => results[name]!.data as Float32Array
  return withMoments(before, rows! * length!, of(mean), of(variance))
}
