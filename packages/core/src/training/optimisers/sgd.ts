import { InvalidInputError } from '../../errors.ts'
import { checkNotNegative, checkPart } from '../checks.ts'
import type { Optimiser } from './optimiser.ts'

export interface SgdOptions {
  /** `μ`; default 0. */
  readonly momentum?: number
  /** Looks ahead along the velocity (Nesterov 1983, in the form of Sutskever 2013). Default false. */
  readonly nesterov?: boolean
  /** `λ` of an L2 penalty `λ/2 ‖w‖²`; default 0. */
  readonly weightDecay?: number
}

/**
 * Stochastic gradient descent: `d = g + λw`; with momentum `v ← μv + d` and `d = v`, or `d + μv` with Nesterov's;
 * `w ← w − rate · d`. Throws `InvalidInputError` for settings out of range.
 */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): Optimiser {
  checkPart('momentum', momentum)
  checkNotNegative('weightDecay', weightDecay)
  if (nesterov && momentum === 0) throw new InvalidInputError('nesterov looks along the momentum, which is 0: set it')
  return {
    name: 'sgd',
    state: momentum === 0 ? [] : ['velocity'],
    scalars: () => ({}),
    weightDecay,
    update({ ops, rate, weightDecay: decay }, { parameter, state }, gradient) {
      const direction = decay === 0 ? gradient : ops.add(gradient, ops.scale(parameter, decay))
      if (momentum === 0) return { parameter: ops.sub(parameter, ops.mul(direction, rate)), state: {} }
      const velocity = ops.add(ops.scale(state.velocity!, momentum), direction)
      const way = nesterov ? ops.add(direction, ops.scale(velocity, momentum)) : velocity
      return { parameter: ops.sub(parameter, ops.mul(way, rate)), state: { velocity } }
    },
  }
}
