import { InvalidInputError } from '../errors.ts'
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
  /** Whether a value of this name is there. */
  has(name: Value): boolean
  /** Declares an input; named dimensions may vary from run to run. Throws `InvalidInputError` where the name is taken. */
  input(name: string, type: ElementType, dims: readonly Dimension[]): Value
  /** Stores a tensor inside the graph, under `name` or, where that is taken, a name that begins with it. */
  constant(value: Tensor, name?: string): Value
  /** Adds a node with one output and returns that. */
  node(op: string, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>, domain?: string): Value
  /** Adds a node with `count` outputs and returns them. */
  nodes(
    op: string,
    count: number,
    inputs: readonly Value[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): Value[]
  /** Makes `value` an output of the graph under `name`. Throws `InvalidInputError` where the name is taken. */
  output(name: string, value: Value, type: ElementType, dims: readonly Dimension[]): void
  /** The model so far; what is added afterwards is not in it. */
  model(metadata?: Readonly<Record<string, string>>): Model
}

/** Starts an empty graph. */
export const graphBuilder = (name = 'graft'): GraphBuilder =>
  builderOn({
    irVersion: 8,
    opsets: { '': BUILT_OPSET },
    producer: { name: 'graft', version: '' },
    metadata: {},
    graph: { name, nodes: [], inputs: [], outputs: [], initializers: new Map(), values: [] },
  })

/** Adds to a graph that is there already; what is added must be right in the model's own operator set. */
export function builderOn(base: Model): GraphBuilder {
  const { name } = base.graph
  const nodes: Node[] = [...base.graph.nodes]
  const inputs: ValueInfo[] = [...base.graph.inputs]
  const outputs: ValueInfo[] = [...base.graph.outputs]
  const initializers = new Map(base.graph.initializers)
  const taken = new Set([
    ...inputs.map((input) => input.name),
    ...initializers.keys(),
    ...nodes.flatMap((node) => node.outputs),
  ])
  const nodeNames = new Set(nodes.map((node) => node.name))
  let count = 0
  const claim = (value: Value): Value => {
    taken.add(value)
    return value
  }
  const fresh = (hint: string): Value => {
    let value = `${hint}_${count++}`
    while (taken.has(value)) value = `${hint}_${count++}`
    return claim(value)
  }
  /** ONNX Runtime refuses two nodes of one name. */
  const nodeName = (hint: string): string => {
    let id = hint
    for (let i = 1; nodeNames.has(id); i++) id = `${hint}_${i}`
    nodeNames.add(id)
    return id
  }
  const own = (value: string): Value => {
    if (taken.has(value)) {
      throw new InvalidInputError(`the graph "${name}" has a value "${value}" already: choose another name`)
    }
    return claim(value)
  }

  const builder: GraphBuilder = {
    has: (value) => taken.has(value),
    input(inputName, type, dims) {
      inputs.push({ name: own(inputName), type, dims })
      return inputName
    },
    constant(value, constantName) {
      const id =
        constantName === undefined || taken.has(constantName) ? fresh(constantName ?? 'constant') : claim(constantName)
      initializers.set(id, value)
      return id
    },
    node(op, nodeInputs, attributes, domain) {
      return builder.nodes(op, 1, nodeInputs, attributes, domain)[0]!
    },
    nodes(op, outputCount, nodeInputs, attributes = {}, domain = '') {
      const id = fresh(op)
      const nodeOutputs = Array.from({ length: outputCount }, () => (outputCount === 1 ? id : fresh(id)))
      nodes.push({ op, domain, name: nodeName(id), inputs: nodeInputs, outputs: nodeOutputs, attributes })
      return nodeOutputs
    },
    output(outputName, value, type, dims) {
      own(outputName)
      nodes.push({
        op: 'Identity',
        domain: '',
        name: nodeName(`output_${outputName}`),
        inputs: [value],
        outputs: [outputName],
        attributes: {},
      })
      outputs.push({ name: outputName, type, dims })
    },
    model: (metadata = base.metadata) => ({
      ...base,
      metadata,
      graph: {
        ...base.graph,
        nodes: [...nodes],
        inputs: [...inputs],
        outputs: [...outputs],
        initializers: new Map(initializers),
      },
    }),
  }
  return builder
}
