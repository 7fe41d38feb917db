import { parametersOf } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import { freshDense } from '../network/fresh-dense.ts'
import type { DeepStep, DomainValues } from '../trainer/deep-step.ts'

/** A perceptron of rectified units as an extra network `name`, from the first of `widths` to the last. */
export function furtherClassifier(step: DeepStep, name: string, widths: readonly number[]): (features: Value) => Value {
  const { graph, random } = step
  const layers = step.extra(name, () =>
    widths.slice(1).map((units, i) => freshDense(graph, `${name}.fc${i + 1}`, [units, widths[i]!], random)),
  )
  return (features) =>
    layers.reduce((x, parameters, i) => dense(graph, i === 0 ? x : graph.node('Relu', [x]), parameters), features)
}

const dense = (graph: GraphBuilder, x: Value, parameters: readonly Value[]): Value =>
  graph.node('Gemm', [x, ...parameters], { transB: int(1) })

/** The upper part of a network as a classifier on one of its hidden layers. */
export interface UpperPart {
  /** The names of its parameters, the head's among them. */
  readonly parameters: ReadonlySet<string>
  /** The values that it starts from. */
  readonly from: (rows: DomainValues) => Value
  /** Its widths from there on, the classes last. */
  readonly widths: readonly number[]
}

/** The head with at most so many hidden layers below it; the first hidden layer never belongs to it. */
export function upperPart({ model, layers, outputs, head }: DeepNetwork, hidden: number): UpperPart {
  const at = Math.max(0, layers.length - 1 - hidden)
  const below = new Set(parametersOf(model, [layers[at]!.value]))
  const above = layers.slice(at).flatMap(({ value }) => parametersOf(model, [value]))
  return {
    parameters: new Set([...above.filter((name) => !below.has(name)), head.weight, head.bias]),
    from: (rows) => rows.layers[at]!,
    widths: [...layers.slice(at).map(({ width }) => width), outputs],
  }
}
