/** `‖x‖₂`. */
export const normOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}

/** `‖g − g_ref‖₂ / (‖g_ref‖₂ + 10⁻¹²)`. */
export const relativeError = (gradient: Float64Array, reference: Float64Array): number =>
  normOf(gradient.map((value, i) => value - reference[i]!)) / (normOf(reference) + 1e-12)

/** A gradient by one parameter in float32, and its reference in float64. */
export interface GradientPair {
  readonly gradient: Float64Array
  readonly reference: Float64Array
}

/** What rounding leaves of a gradient that is zero, relative to the gradient by all parameters together. */
const FLOAT64_ROUNDING = 1e-12
const FLOAT32_ROUNDING = 1e-6

/**
 * Whether there is no gradient by a parameter, so that both sides hold rounding alone. A bias before a normalisation that
 * subtracts it again is one such, and the bias of attention's keys.
 */
export function vanishes({ gradient, reference }: GradientPair, all: readonly GradientPair[]): boolean {
  const whole = normOf(all.map((pair) => normOf(pair.reference)))
  return normOf(reference) <= FLOAT64_ROUNDING * whole && normOf(gradient) <= FLOAT32_ROUNDING * whole
}
