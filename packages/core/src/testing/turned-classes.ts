import { type Matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'

export interface TurnedClasses {
  readonly rows: number
  readonly classes: number
  /** Degrees by which the domain is turned about the origin. */
  readonly turn: number
  /** The standard deviation of a class; its mean is 3 away from the origin. */
  readonly spread: number
  readonly seed: number
}

/** Normal rows in the plane, their classes' means evenly on a circle: a domain with labels. */
export function turnedClasses({ rows, classes, turn, spread, seed }: TurnedClasses): {
  readonly name: string
  readonly features: Matrix
  readonly labels: Int32Array
} {
  const random = seededRandom(seed)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes)
  const features = matrixFromRows(
    Array.from(labels, (label) => {
      const angle = (2 * Math.PI * label) / classes + (turn * Math.PI) / 180
      return [Math.cos(angle), Math.sin(angle)].map((middle) => 3 * middle + spread * random.normal())
    }),
  )
  return { name: `turned by ${turn}`, features, labels }
}

/**
 * Two domains of three classes, the second turned by 42 degrees: what learns from the first alone takes an eighth of the
 * second's rows for another class, though every class is still nearest to its own place.
 */
export const turnedDomains = (seed = 0) => {
  const shared = { rows: 240, classes: 3, spread: 0.7 }
  return {
    source: turnedClasses({ ...shared, turn: 0, seed: 2 * seed }),
    target: turnedClasses({ ...shared, turn: 42, seed: 2 * seed + 1 }),
    classes: shared.classes,
  }
}
