import { checkNotNegative, checkPart, checkPositive } from '../checks.ts'
import type { Optimiser } from './optimiser.ts'

export interface AdamOptions {
  /** Decay of the mean of the gradients; default 0.9. */
  readonly beta1?: number
  /** Decay of the mean of their squares; default 0.999. */
  readonly beta2?: number
  /** Added to the root of the squares; default 1e-8. */
  readonly epsilon?: number
  readonly weightDecay?: number
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`,
 * `w ← w − rate · m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`. Weight decay is an L2 penalty: it is part
 * of `g`. Throws `InvalidInputError` for settings out of range.
 */
export const adam = (options: AdamOptions = {}): Optimiser => adamLike('adam', options, 0)

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2): Adam with the decay taken from the weights directly,
 * `w ← w − rate · λw − rate · m̂ / (√v̂ + ε)`. Default `λ` 0.01.
 */
export const adamW = (options: AdamOptions = {}): Optimiser => adamLike('adamw', options, 0.01)

function adamLike(name: 'adam' | 'adamw', options: AdamOptions, defaultDecay: number): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = options
  checkPart('beta1', beta1)
  checkPart('beta2', beta2)
  checkPositive('epsilon', epsilon)
  checkNotNegative('weightDecay', weightDecay)
  return {
    name,
    state: ['mean', 'square'],
    scalars: (step) => ({ mean_part: 1 - beta1 ** step, square_root_part: Math.sqrt(1 - beta2 ** step) }),
    weightDecay,
    update({ ops, rate, weightDecay: decay, scalars }, { parameter, state }, given) {
      const penalty = decay !== 0 && name === 'adam'
      const gradient = penalty ? ops.add(given, ops.scale(parameter, decay)) : given
      const mean = ops.add(ops.scale(state.mean!, beta1), ops.scale(gradient, 1 - beta1))
      const squared = ops.mul(gradient, gradient)
      const square = ops.add(ops.scale(state.square!, beta2), ops.scale(squared, 1 - beta2))
      const root = ops.div(ops.unary('Sqrt', square), scalars.square_root_part!)
      const way = ops.div(mean, ops.add(root, ops.scalar(epsilon, root)))
      const stride = ops.div(rate, scalars.mean_part!)
      const kept =
        decay !== 0 && name === 'adamw'
          ? ops.mul(parameter, ops.sub(ops.scalar(1, rate), ops.scale(rate, decay)))
          : parameter
      return { parameter: ops.sub(kept, ops.mul(way, stride)), state: { mean, square } }
    },
  }
}
