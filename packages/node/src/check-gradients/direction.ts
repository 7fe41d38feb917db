import type { Random } from 'graft-learn'

/** A direction in which a parameter of `n` elements is changed. */
export interface Direction {
  /** The values (`n`, changed in place) a step further. */
  move(values: Float64Array, step: number): void
  /** The derivative along it, of a function whose gradient (`n`) is this. */
  derivative(gradient: Float64Array): number
}

/** One element alone. */
export const elementDirection = (index: number): Direction => ({
  move(values, step) {
    values[index] = values[index]! + step
  },
  derivative: (gradient) => gradient[index]!,
})

/**
 * All elements at once, each up or down at random. The mean of its squared derivatives is the gradient's squared norm
 * (Hutchinson 1990), so that a few of them weigh every element of a gradient.
 */
export function randomDirection(size: number, random: Random): Direction {
  const signs = Int8Array.from({ length: size }, () => (random.uniform() < 0.5 ? -1 : 1))
  return {
    move(values, step) {
      for (let i = 0; i < size; i++) values[i] = values[i]! + step * signs[i]!
    },
    derivative: (gradient) => gradient.reduce((sum, value, i) => sum + value * signs[i]!, 0),
  }
}
