import { broadcastDims, broadcastTo, readStrided, stridesOf } from '../indexing.ts'
import { input, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

const expand: Kernel = (call) => {
  const x = input(call, 0)
  const dims = broadcastDims(x.dims, Array.from(input(call, 1).data))
  return [value(x.kind, dims, broadcastTo(x, dims))]
}

const tile: Kernel = (call) => {
  const x = input(call, 0)
  const repeats = input(call, 1).data
  const strides = stridesOf(x.dims)
  const data = readStrided(
    x.data,
    x.dims.flatMap((dim, axis) => [repeats[axis], dim]),
    strides.flatMap((stride) => [0, stride]),
  )
  return [
    value(
      x.kind,
      x.dims.map((dim, axis) => dim * repeats[axis]),
      data,
    ),
  ]
}

/** Tensors repeated along axes. */
export const repeating: Kernels = {
  Expand: expand,
  Tile: tile,
}
