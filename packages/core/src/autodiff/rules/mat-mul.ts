import type { Ops } from '../ops.ts'
import { defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/**
 * `C = AB`: `∂A = ∂C Bᵀ`, `∂B = Aᵀ ∂C`, summed over broadcast batch dimensions. A vector is a matrix of one row (`A`) or
 * one column (`B`).
 */
export const matMul = defineRule({
  operator: 'MatMul',
  through: ['A', 'B'],
  backward({ ops, inputs, gradients, wants }) {
    const [givenA, givenB] = [inputs[0]!, inputs[1]!]
    const a = givenA.dims.length === 1 ? ops.reshape(givenA, [1, givenA.dims[0]!]) : givenA
    const b = givenB.dims.length === 1 ? ops.reshape(givenB, [givenB.dims[0]!, 1]) : givenB
    const gradient = asMatrices(ops, gradients[0]!, givenA, givenB)
    return [
      wants(0) ? ops.reshape(byLeft(ops, gradient, a, b), givenA.dims) : undefined,
      wants(1) ? ops.reshape(byRight(ops, gradient, a, b), givenB.dims) : undefined,
    ]
  },
})

/** The gradient with the dimensions that a vector among the inputs took away. */
function asMatrices(ops: Ops, gradient: TypedValue, a: TypedValue, b: TypedValue): TypedValue {
  const dims = [...gradient.dims]
  if (b.dims.length === 1) dims.push(1)
  if (a.dims.length === 1) dims.splice(-1, 0, 1)
  return ops.reshape(gradient, dims)
}

const flat = (x: TypedValue): number[] => [
  x.dims.slice(0, -1).reduce((product, dim) => product * dim, 1),
  x.dims.at(-1)!,
]

function byLeft(ops: Ops, gradient: TypedValue, a: TypedValue, b: TypedValue): TypedValue {
  if (b.dims.length === 2) {
    const product = ops.gemm(ops.reshape(gradient, flat(gradient)), b, { transB: true })
    return ops.sumTo(ops.reshape(product, [...gradient.dims.slice(0, -1), b.dims[0]!]), a.dims)
  }
  return ops.sumTo(ops.matmul(gradient, ops.swap(b)), a.dims)
}

/** Where `B` is one matrix for all, the sum over the batch is part of one product. */
function byRight(ops: Ops, gradient: TypedValue, a: TypedValue, b: TypedValue): TypedValue {
  if (b.dims.length === 2) {
    return ops.gemm(ops.reshape(a, flat(a)), ops.reshape(gradient, flat(gradient)), { transA: true })
  }
  return ops.sumTo(ops.matmul(ops.swap(a), gradient), b.dims)
}
