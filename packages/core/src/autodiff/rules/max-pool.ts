import { int, intOf, ints, intsOf, text } from '../../onnx/index.ts'
import { sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { enlarged, tiles } from './spread-windows.ts'
import { windowGeometry } from './window-geometry.ts'

/** The largest number of each window: `∂Y` goes to the first place that holds it. */
export const maxPool = defineRule({
  operator: 'MaxPool',
  through: ['X'],
  backward(call) {
    const { node, inputs, outputs } = call
    const [x, y] = [inputs[0]!, outputs[0]!]
    const kernel = intsOf(node, 'kernel_shape') ?? []
    const geometry = windowGeometry(node, kernel, x.dims.slice(2), y.dims.slice(2))
    const sideBySide = x.type === 'float32' && tiles(geometry, y.dims, x.dims)
    return [sideBySide ? byRank(call, kernel) : byIndices(call)]
  },
})

/**
 * For windows side by side, in passes over `X` alone: places that hold the largest number of their window are marked
 * with their rank, which falls from place to place; the highest mark of a window is the first place.
 */
function byRank({ ops, inputs, outputs, gradients }: Backward, kernel: readonly number[]): TypedValue {
  const [x, y] = [inputs[0]!, outputs[0]!]
  const ranks = ops.constant(windowRanks(x.dims.slice(2), kernel))
  const marks = ops.mul(ops.indicator(ops.compare('Equal', enlarged(ops, y, kernel), x), x), ranks)
  const highest = ops.node('MaxPool', [marks], { dims: y.dims }, { kernel_shape: ints(kernel), strides: ints(kernel) })
  const first = ops.compare('Equal', enlarged(ops, highest, kernel), ranks)
  return ops.mul(enlarged(ops, gradients[0]!, kernel), ops.indicator(first, x))
}

/** For every position the number of places of its window from itself to the last. */
function windowRanks(space: readonly number[], kernel: readonly number[]) {
  const ranks = space.reduce<number[]>(
    (places, size, i) =>
      places.flatMap((place) => Array.from({ length: size }, (_, at) => place * kernel[i]! + (at % kernel[i]!))),
    [0],
  )
  return tensor(
    'float32',
    space,
    Float32Array.from(ranks, (place) => sizeOf(kernel) - place),
  )
}

/** For windows that overlap or leave gaps: adds every number to the place that MaxPool itself says it comes from. */
function byIndices({ ops, node, inputs, outputs, gradients }: Backward): TypedValue {
  const [x, y] = [inputs[0]!, outputs[0]!]
  const { storage_order, ...attributes } = node.attributes
  const given = intOf(node, 'storage_order', 0) === 0 ? outputs[1] : undefined
  const indices =
    given ?? ops.nodes('MaxPool', [x], [{ dims: y.dims }, { dims: y.dims, type: 'int64' }], attributes)[1]!
  const size = sizeOf(y.dims)
  const places = ops.reshape(indices, [size])
  const operands = [zerosOfRun(ops, places, x), places, ops.reshape(gradients[0]!, [size])]
  const attributesOfSum = { axis: int(0), reduction: text('add') }
  return ops.reshape(ops.node('ScatterElements', operands, { dims: [sizeOf(x.dims)] }, attributesOfSum), x.dims)
}

/**
 * As many zeros as `x` has numbers, made in every run: ONNX Runtime would keep constant ones in memory as long as the
 * session, and copy them. They come from the least of 0 and one of `places`, none of which is negative.
 */
function zerosOfRun(ops: Ops, places: TypedValue, x: TypedValue): TypedValue {
  const one = ops.slice(places, [{ axis: 0, start: 0, end: 1 }])
  const zero = ops.node('Min', [one, ops.integers([0])], { dims: [1] })
  return ops.expand(ops.cast(zero, x.type), [sizeOf(x.dims)])
}
