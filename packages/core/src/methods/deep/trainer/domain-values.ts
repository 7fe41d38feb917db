import { LOGITS } from '../../../networks/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { integers } from '../losses/graph-values.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import { length, type RowRange } from './batch-layout.ts'
import type { DomainValues } from './deep-step.ts'

/** The values of some rows of a batch: slices, made when they are first asked for. */
export function domainValues(
  graph: GraphBuilder,
  { input, layers }: Pick<DeepNetwork, 'input' | 'layers'>,
  logits: Value,
  range: RowRange,
  all: number,
): DomainValues {
  const made = new Map<Value, Value>()
  const slice = (value: Value): Value => {
    if (length(range) === all) return value
    const found =
      made.get(value) ??
      graph.node('Slice', [value, integers(graph, [range.from]), integers(graph, [range.to]), integers(graph, [0])])
    made.set(value, found)
    return found
  }
  const of = (index: number) => slice(layers[index]!.value)
  return {
    rows: length(range),
    get input() {
      return slice(input)
    },
    get layers() {
      return layers.map((_, i) => of(i))
    },
    get features() {
      return of(layers.length - 1)
    },
    get logits() {
      return slice(logits)
    },
  }
}

/** The value that the output `logits` of a network stands for. */
export const logitsOf = ({ model }: DeepNetwork): Value => {
  const node = model.graph.nodes.find(({ outputs }) => outputs.includes(LOGITS))
  return node?.op === 'Identity' ? node.inputs[0]! : LOGITS
}
