import { int, intOf, ints, intsOf, text } from '../../onnx/index.ts'
import { sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { enlarged, tiles } from './spread-windows.ts'
import { windowGeometry } from './window-geometry.ts'

/** Whole numbers up to here are exact in float32. */
const EXACT = 2 ** 24

/** The largest number of each window: `∂Y` goes to the first place that holds it. */
export const maxPool = defineRule({
  operator: 'MaxPool',
  through: ['X'],
  backward(call) {
    const { node, inputs, outputs } = call
    const [x, y] = [inputs[0]!, outputs[0]!]
    const kernel = intsOf(node, 'kernel_shape') ?? []
    const geometry = windowGeometry(node, kernel, x.dims.slice(2), y.dims.slice(2))
    const sideBySide = x.type === 'float32' && tiles(geometry, y.dims, x.dims) && sizeOf(x.dims.slice(2)) <= EXACT
    return [sideBySide ? byMarks(call, kernel) : byIndices(call)]
  },
})

/**
 * For windows side by side: places that hold the largest number of their window are marked, the earlier the higher, and the
 * highest mark of a window says which is the first. (`MaxPool` tells the places too, on one thread and ten times as slowly.)
 */
function byMarks({ ops, inputs, outputs, gradients }: Backward, kernel: readonly number[]): TypedValue {
  const [x, y] = [inputs[0]!, outputs[0]!]
  const [space, windows] = [x.dims.slice(2), { kernel_shape: ints(kernel), strides: ints(kernel) }]
  const last = sizeOf(space) - 1
  const marks = ops.constant(
    tensor(
      'float32',
      space,
      Float32Array.from({ length: last + 1 }, (_, at) => last - at),
    ),
  )
  const marked = ops.mul(ops.indicator(ops.compare('Equal', enlarged(ops, y, kernel), x), x), marks)
  const highest = ops.cast(ops.node('MaxPool', [marked], { dims: y.dims }, windows), 'int64')
  const places = ops.sub(ops.constant(lastPlaces(x.dims)), highest)
  const shape = ops.integers(x.dims)
  return ops.node('MaxUnpool', [gradients[0]!, places, shape], { dims: x.dims }, windows)
}

/** For each channel of each row the place in the whole tensor where it ends. */
function lastPlaces([n = 1, c = 1, ...space]: readonly number[]) {
  const size = sizeOf(space)
  const ends = BigInt64Array.from({ length: n * c }, (_, at) => BigInt((at + 1) * size - 1))
  return tensor('int64', [n, c, ...space.map(() => 1)], ends)
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
