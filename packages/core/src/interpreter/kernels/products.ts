import { InvalidInputError } from '../../errors.ts'
import { broadcastDims, broadcastStrides, broadcastTo, offsetsOf } from '../indexing.ts'
import { type Call, describe, floatOf, input, intOf, type Kernels } from '../kernel.ts'
import { addProduct, transposed } from '../matrix-product.ts'
import { type Value, value } from '../value.ts'

/** Products of matrices. */
export const products: Kernels = {
  MatMul: (call) => [matMul(call, input(call, 0), input(call, 1))],

  Gemm: (call) => {
    const a = orient(input(call, 0), intOf(call, 'transA', 0) !== 0)
    const b = orient(input(call, 1), intOf(call, 'transB', 0) !== 0)
    const c = call.inputs[2]
    checkInner(call, a, b)
    const dims = [a.dims[0], b.dims[1]]
    const result = value(a.kind, dims)
    addProduct(whole(result), whole(a), whole(b), dims[0], a.dims[1], dims[1])
    const alpha = floatOf(call, 'alpha', 1)
    const beta = floatOf(call, 'beta', 1)
    const addend = c === undefined ? undefined : broadcastTo(c, dims)
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = alpha * result.data[i] + (addend === undefined ? 0 : beta * addend[i])
    }
    return [result]
  },
}

/** The product over the last two axes; the axes before them broadcast, and a vector is a row on the left, a column on the right. */
function matMul(call: Call, left: Value, right: Value): Value {
  const a = left.dims.length === 1 ? { ...left, dims: [1, ...left.dims] } : left
  const b = right.dims.length === 1 ? { ...right, dims: [...right.dims, 1] } : right
  checkInner(call, a, b)
  const [m, k] = a.dims.slice(-2)
  const n = b.dims[b.dims.length - 1]
  const [stackA, stackB] = [a.dims.slice(0, -2), b.dims.slice(0, -2)]
  const stack = broadcastDims(stackA, stackB)
  const kept = [...(left.dims.length === 1 ? [] : [m]), ...(right.dims.length === 1 ? [] : [n])]
  const result = value(left.kind, [...stack, ...kept])
  if (result.data.length === 0) return result
  if (stackB.every((dim) => dim === 1)) {
    const rows = result.data.length / n
    addProduct(whole(result), whole(a), whole(b), rows, k, n)
    return result
  }
  const fromA = offsetsOf(stack, broadcastStrides(stackA, stack))
  const fromB = offsetsOf(stack, broadcastStrides(stackB, stack))
  for (const [i, offset] of fromA.entries()) {
    const block = { data: a.data, start: offset * m * k }
    const by = { data: b.data, start: fromB[i] * k * n }
    addProduct({ data: result.data, start: i * m * n }, block, by, m, k, n)
  }
  return result
}

const whole = ({ data }: Value) => ({ data, start: 0 })

function orient(matrix: Value, transpose: boolean): Value {
  const [rows, columns] = matrix.dims
  return transpose ? value(matrix.kind, [columns, rows], transposed(whole(matrix), rows, columns)) : matrix
}

function checkInner(call: Call, a: Value, b: Value): void {
  if (a.dims.length >= 2 && b.dims.length >= 2 && a.dims.at(-1) === b.dims.at(-2)) return
  throw new InvalidInputError(
    `${describe(call.node)} cannot multiply [${a.dims.join(', ')}] and [${b.dims.join(', ')}]`,
  )
}
