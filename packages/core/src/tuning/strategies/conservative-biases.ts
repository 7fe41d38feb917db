import { exposeParameters } from '../../autodiff/index.ts'
import type { Model, Node } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'

/** Which input of an operator is its bias. */
const POSITIONS: Readonly<Record<string, number>> = {
  Conv: 2,
  ConvTranspose: 2,
  Gemm: 2,
  BatchNormalization: 2,
  InstanceNormalization: 2,
  GroupNormalization: 2,
  LayerNormalization: 2,
}

/**
 * The stored tensors that a network adds: the bias of a convolution, a Gemm or a normalisation, and vectors that an `Add`
 * reads, which is how exporters write the bias of a MatMul.
 */
export function biasesOf(model: Model): Set<string> {
  const { nodes, initializers } = exposeParameters(model).graph
  const isVector = (name: string): boolean => {
    const dims = initializers.get(name)?.dims
    return dims !== undefined && Math.max(...dims, 1) === sizeOf(dims)
  }
  const biases = ({ op, domain, inputs }: Node): readonly (string | undefined)[] =>
    domain !== '' ? [] : op === 'Add' ? inputs.filter(isVector) : [inputs[POSITIONS[op] ?? inputs.length]]
  return new Set(nodes.flatMap(biases).filter((name): name is string => initializers.has(name ?? '')))
}
