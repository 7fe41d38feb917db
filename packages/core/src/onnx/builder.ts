import type { ElementType, Tensor } from '../tensor/index.ts'
import type { Attribute, Dimension, Model, Node, ValueInfo } from './model.ts'

/** The operator set of graphs that Graft builds: the oldest that has all it uses, so that old runtimes load them. */
export const BUILT_OPSET = 17

/** Attribute constructors: `int(1)` and `float(1)` differ in an ONNX file. */
export const int = (value: number | bigint): Attribute => ({ type: 'int', value })
export const ints = (value: readonly (number | bigint)[]): Attribute => ({ type: 'ints', value })
export const float = (value: number): Attribute => ({ type: 'float', value })
export const text = (value: string): Attribute => ({ type: 'string', value })

/** The name of a value inside the graph under construction. */
export type Value = string

/** Collects nodes in execution order and makes a `Model` of them. */
export interface GraphBuilder {
  /** Declares an input; named dimensions may vary from run to run. */
  input(name: string, type: ElementType, dims: readonly Dimension[]): Value
  /** Stores a tensor inside the graph. */
  constant(value: Tensor, name?: string): Value
  /** Adds a node with one output and returns that. */
  node(op: string, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>): Value
  /** Adds a node with `count` outputs and returns them. */
  nodes(op: string, count: number, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>): Value[]
  /** Makes `value` an output of the graph under `name`. */
  output(name: string, value: Value, type: ElementType, dims: readonly Dimension[]): void
  /** The finished model. */
  model(metadata?: Readonly<Record<string, string>>): Model
}

/** Starts an empty graph. */
export function graphBuilder(name = 'graft'): GraphBuilder {
  const nodes: Node[] = []
  const inputs: ValueInfo[] = []
  const outputs: ValueInfo[] = []
  const initializers = new Map<string, Tensor>()
  let count = 0
  const fresh = (hint: string): Value => `${hint}_${count++}`

  const builder: GraphBuilder = {
    input(inputName, type, dims) {
      inputs.push({ name: inputName, type, dims })
      return inputName
    },
    constant(value, constantName) {
      const id = constantName ?? fresh('constant')
      initializers.set(id, value)
      return id
    },
    node(op, nodeInputs, attributes) {
      return builder.nodes(op, 1, nodeInputs, attributes)[0]!
    },
    nodes(op, outputCount, nodeInputs, attributes = {}) {
      const id = fresh(op)
      const nodeOutputs = Array.from({ length: outputCount }, (_, i) => (outputCount === 1 ? id : `${id}_${i}`))
      nodes.push({ op, domain: '', name: id, inputs: nodeInputs, outputs: nodeOutputs, attributes })
      return nodeOutputs
    },
    output(outputName, value, type, dims) {
      nodes.push({
        op: 'Identity',
        domain: '',
        name: `output_${outputName}`,
        inputs: [value],
        outputs: [outputName],
        attributes: {},
      })
      outputs.push({ name: outputName, type, dims })
    },
    model: (metadata = {}) => ({
      irVersion: 8,
      opsets: { '': BUILT_OPSET },
      producer: { name: 'graft', version: '' },
      metadata,
      graph: { name, nodes, inputs, outputs, initializers, values: [] },
    }),
  }
  return builder
}
