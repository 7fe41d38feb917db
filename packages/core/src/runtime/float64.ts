import { type Attribute, type Graph, type Model, readModel } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** ONNX's number of float64: the value of attributes such as `to` of Cast. */
const FLOAT64 = 11

/**
 * Whether any of a model's work, or of an ONNX file's, is in float64, as far as its types, constants and casts tell;
 * true when in doubt: functions of its own, a file that cannot be read.
 */
export function computesInFloat64(owner: Model | Uint8Array): boolean {
  const model = owner instanceof Uint8Array ? readOrNothing(owner) : owner
  return model?.rest?.functions !== undefined || model === undefined || graphComputesInFloat64(model.graph)
}

function readOrNothing(file: Uint8Array): Model | undefined {
  try {
    return readModel(file)
  } catch {
    return undefined
  }
}

function graphComputesInFloat64(graph: Graph): boolean {
  return (
    [...graph.inputs, ...graph.outputs, ...graph.values].some((value) => value.type === 'float64') ||
    [...graph.initializers.values()].some(isFloat64) ||
    graph.nodes.some((node) => Object.entries(node.attributes).some(([name, attribute]) => mentions(name, attribute)))
  )
}

const isFloat64 = (t: Tensor): boolean => t.type === 'float64'

function mentions(name: string, attribute: Attribute): boolean {
  switch (attribute.type) {
    case 'int':
      return (name === 'to' || name === 'dtype') && Number(attribute.value) === FLOAT64
    case 'tensor':
      return isFloat64(attribute.value)
    case 'graph':
      return graphComputesInFloat64(attribute.value)
    default:
      return false
  }
}
