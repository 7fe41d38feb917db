import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/**
 * `y = min(max, max(min, x))`: the gradient passes to `x` where `min ≤ x ≤ max`, elsewhere to the bound that took its
 * place. Where `min > max`, that is always `max`.
 */
export const clip = defineRule({
  operator: 'Clip',
  through: ['input', 'min', 'max'],
  backward(call) {
    const { ops, inputs, outputs, gradients, wants } = call
    const gradient = gradients[0]!
    const part = (op: string) => ops.mul(gradient, ops.indicator(ops.compare(op, inputs[0]!, outputs[0]!), gradient))
    return [wants(0) ? part('Equal') : undefined, ...byBounds(call, part)]
  },
})

function byBounds({ ops, inputs, wants }: Backward, part: (op: string) => TypedValue): (TypedValue | undefined)[] {
  if (!wants(1) && !wants(2)) return []
  const [low, high] = [inputs[1], inputs[2]]
  const raised = low === undefined ? undefined : ops.sumTo(part('Less'), low.dims)
  const lowered = wants(2) ? ops.sumTo(part('Greater'), high!.dims) : undefined
  if (raised === undefined || high === undefined) return [raised, lowered]
  const byLow = ops.mul(raised, ops.indicator(ops.compare('LessOrEqual', low!, high), raised))
  return [byLow, lowered === undefined ? undefined : ops.add(lowered, ops.sub(raised, byLow))]
}
