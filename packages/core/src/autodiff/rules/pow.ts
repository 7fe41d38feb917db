import type { Ops } from '../ops.ts'
import { defineRule } from '../rule.ts'
import { broadcastDims, type TypedValue } from '../typed-value.ts'
import { throughKnownPower } from './known-power.ts'

/**
 * `∂Aᴮ = B Aᴮ⁻¹ ∂A + Aᴮ ln A ∂B`. At `A = 0` the derivative by `A` is taken as 0 where it would be infinite, and that by
 * `B` for every `A ≤ 0`, where powers do not change smoothly with `B`.
 */
export const pow = defineRule({
  operator: 'Pow',
  through: ['X', 'Y'],
  backward({ ops, inputs, outputs, gradients, wants, known }) {
    const gradient = gradients[0]!
    const [base, exponent, y] = [inputs[0]!, inputs[1]!, outputs[0]!]
    const power = uniform(known(exponent)?.data as ArrayLike<unknown> | undefined)
    const byBase = () =>
      power === undefined
        ? ops.mul(gradient, slopeByBase(ops, base, ops.cast(exponent, base.type)))
        : throughKnownPower(ops, gradient, base, power, y)
    const byExponent = () => ops.mul(gradient, slopeByExponent(ops, base, y))
    return [
      wants(0) ? maybeSum(ops, byBase(), base) : undefined,
      wants(1) ? ops.cast(ops.sumTo(byExponent(), exponent.dims), exponent.type) : undefined,
    ]
  },
})

const maybeSum = (ops: Ops, gradient: TypedValue | undefined, input: TypedValue): TypedValue | undefined =>
  gradient && ops.sumTo(gradient, input.dims)

/** The number that all elements are. */
function uniform(data: ArrayLike<unknown> | undefined): number | undefined {
  const [first, ...others] = new Set(data === undefined ? [] : Array.from(data, Number))
  return others.length === 0 ? first : undefined
}

function slopeByBase(ops: Ops, base: TypedValue, exponent: TypedValue): TypedValue {
  const [zero, one] = [ops.scalar(0, base), ops.scalar(1, base)]
  const dims = broadcastDims(base.dims, exponent.dims)
  const atPole = ops.node('And', [ops.compare('Equal', base, zero), ops.compare('Less', exponent, one)], { dims })
  const power = ops.node('Pow', [base, ops.sub(exponent, one)], { dims })
  return ops.mul(exponent, ops.where(atPole, zero, power))
}

function slopeByExponent(ops: Ops, base: TypedValue, y: TypedValue): TypedValue {
  const zero = ops.scalar(0, base)
  return ops.where(ops.compare('Greater', base, zero), ops.mul(y, ops.unary('Log', base)), zero)
}
