import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp } from './clamp.ts'

/**
 * The gradient of the largest or smallest of several values goes to those that are equal to it, in equal shares; a
 * constant takes no share, so that a bound lets the gradient pass at the bound itself, as `Clip` does.
 */
export function throughExtreme({
  ops,
  inputs,
  outputs,
  gradients,
  wants,
  known,
}: Backward): (TypedValue | undefined)[] {
  const y = outputs[0]!
  const attains = inputs.map((input) =>
    known(input) === undefined ? ops.indicator(ops.compare('Equal', input!, y), y) : undefined,
  )
  const sharing = attains.flatMap((each) => each ?? [])
  const share = sharing.length === 1 ? gradients[0]! : ops.div(gradients[0]!, clamp(ops, ops.sum(sharing), { min: 1 }))
  return attains.map((each, i) =>
    each !== undefined && wants(i) ? ops.sumTo(ops.mul(share, each), inputs[i]!.dims) : undefined,
  )
}
