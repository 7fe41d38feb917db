import { permute } from '../indexing.ts'
import { input, intOf, intsOf, type Kernel, type Kernels, textOf } from '../kernel.ts'
import { value } from '../value.ts'

const transpose: Kernel = (call) => {
  const x = input(call, 0)
  const order = intsOf(call, 'perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis)
  return [
    value(
      x.kind,
      order.map((axis) => x.dims[axis]),
      permute(x.data, x.dims, order),
    ),
  ]
}

/** Channels become blocks of pixels: the block's place is the channel's first digit (DCR) or its last one (CRD). */
const depthToSpace: Kernel = (call) => {
  const x = input(call, 0)
  const [n, c, h, w] = x.dims
  const b = intOf(call, 'blocksize', 1)
  const depth = c / (b * b)
  const data =
    textOf(call, 'mode', 'DCR') === 'DCR'
      ? permute(x.data, [n, b, b, depth, h, w], [0, 3, 4, 1, 5, 2])
      : permute(x.data, [n, depth, b, b, h, w], [0, 1, 4, 2, 5, 3])
  return [value(x.kind, [n, depth, h * b, w * b], data)]
}

const spaceToDepth: Kernel = (call) => {
  const x = input(call, 0)
  const [n, c, h, w] = x.dims
  const b = intOf(call, 'blocksize', 1)
  const data = permute(x.data, [n, c, h / b, b, w / b, b], [0, 3, 5, 1, 2, 4])
  return [value(x.kind, [n, c * b * b, h / b, w / b], data)]
}

/** The same numbers in another order of axes. */
export const permuting: Kernels = {
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
}
