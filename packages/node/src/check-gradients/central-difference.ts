import type { Interpretation } from 'graft-learn'
import type { Direction } from './direction.ts'
import { normOf } from './relative-error.ts'

/** A derivative to be checked, and the size of derivative that an error of it is measured against. */
export interface Expected {
  readonly derivative: number
  readonly scale: number
}

/** What central differences told. */
export interface Difference {
  /** Undefined where no step size tells it. */
  readonly derivative: number | undefined
  /** How often the loss was computed. */
  readonly evaluations: number
}

/** Step sizes, relative to the size of the parameter's elements, in the order in which they are tried. */
const STEPS = [1e-6, 1e-7, 1e-5, 1e-8, 1e-4]
/** The smallest size of elements that steps are relative to: parameters may be zero. */
const LEAST_SIZE = 0.01
/** How far two derivatives may be apart that are taken for equal, relative to their size. */
const AGREEMENT = 2e-5

/** The spacing of float64 numbers, relative to their size: what a difference of losses cannot be finer than. */
const SPACING = 2 ** -52
/** How far the slopes on both sides may be apart where there is no kink, relative to the derivative's size. */
const SMOOTH = 1e-4

/**
 * The derivative of `loss` by a stored value along a direction: `(L(w + hv) − L(w − hv)) / 2h`, in float64. A difference
 * counts where it agrees with the derivative that is expected, or with that of another step and has the same slope on
 * both sides: a kink of the loss (of Relu, MaxPool, Clip …) makes steps that reach over it disagree, or the two sides
 * where it lies at `w` itself, and rounding drowns the smaller steps.
 */
export function centralDifference(
  whole: Interpretation,
  name: string,
  direction: Direction,
  { derivative: expected, scale }: Expected,
): Difference {
  const at = whole.values.get(name)!
  const here = whole.values.get('loss')!.data[0]!
  const size = Math.max(LEAST_SIZE, normOf(at.data) / Math.sqrt(at.data.length))
  const lossAt = (step: number): number => {
    const data = at.data.slice()
    direction.move(data, step)
    return whole.withChanged(name, { ...at, data }, 'loss').data[0]!
  }
  const tried: number[] = []
  for (const relative of STEPS) {
    const step = relative * size
    const [above, below] = [lossAt(step), lossAt(-step)]
    const difference = (above - below) / (2 * step)
    const limit = Math.max(scale, Math.abs(difference))
    const fine = (SPACING * Math.abs(here)) / step <= AGREEMENT * limit
    const smooth = Math.abs(above - 2 * here + below) <= SMOOTH * limit * step
    const confirmed = fine && smooth && tried.some((other) => Math.abs(difference - other) <= AGREEMENT * limit)
    tried.push(difference)
    if (confirmed || Math.abs(difference - expected) <= AGREEMENT * scale) {
      return { derivative: difference, evaluations: 2 * tried.length }
    }
  }
  return { derivative: undefined, evaluations: 2 * tried.length }
}
