import { integers } from '../losses/graph-values.ts'
import type { DeepStep } from '../trainer/deep-step.ts'
import type { AlignedLayer } from './aligned-layers.ts'

/** The last hidden layer before it is rectified; the layer itself where nothing rectifies it. */
export function linearUnits({ graph, layers, source, target }: DeepStep): AlignedLayer {
  const { value } = layers.at(-1)!
  const made = graph.model().graph.nodes.find(({ outputs }) => outputs[0] === value)
  if (made?.op !== 'Relu') return { source: source.features, target: target.features }
  const rows = (from: number, count: number) =>
    graph.node('Slice', [made.inputs[0]!, ...[[from], [from + count], [0]].map((at) => integers(graph, at))])
  // Batches have the source's rows first, then the target's.
  return { source: rows(0, source.rows), target: rows(source.rows, target.rows) }
}
