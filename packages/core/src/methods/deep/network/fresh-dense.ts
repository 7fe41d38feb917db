import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { type Random, sizeOf } from '../../../tensor/index.ts'

/**
 * Stores the weight (`units × inputs`) and the bias of a dense layer as `NAME.weight` and `NAME.bias`, uniform in
 * ±1/√inputs. Gives their names.
 */
export function freshDense(
  graph: GraphBuilder,
  name: string,
  dims: readonly [units: number, inputs: number],
  random: Random,
): [weight: Value, bias: Value] {
  const stream = random.fork(name)
  const parameter = (part: string, shape: readonly number[]) =>
    graph.constant(
      {
        type: 'float32',
        dims: shape,
        data: Float32Array.from({ length: sizeOf(shape) }, () => (2 * stream.uniform() - 1) / Math.sqrt(dims[1])),
      },
      `${name}.${part}`,
    )
  return [parameter('weight', dims), parameter('bias', [dims[0]])]
}
