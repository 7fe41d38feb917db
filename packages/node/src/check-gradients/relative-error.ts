/** `‖x‖₂`. */
export const normOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}

/** `‖g − g_ref‖₂ / (‖g_ref‖₂ + 10⁻¹²)`. */
export const relativeError = (gradient: Float64Array, reference: Float64Array): number =>
  normOf(gradient.map((value, i) => value - reference[i]!)) / (normOf(reference) + 1e-12)
