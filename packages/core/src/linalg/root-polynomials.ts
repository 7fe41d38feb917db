import { signPolynomial } from './sign-polynomial.ts'

/** The polynomials of an iteration for `A^-½`, in `A` as it is. */
export interface RootPolynomials {
  /** Of the first step, in `A`: constant coefficient first. */
  readonly first: readonly number[]
  /** Of further steps, in `T = Z A Z`: coefficients of `T, T², …`, the constant one being 1. */
  readonly further: readonly (readonly number[])[]
  /** Of the last step, in `D = I − Z A Z`: coefficients of `D, D², …`, the constant one being 1. */
  readonly last: readonly number[]
}

const STEP_DEGREE = 6
const LAST_DEGREES = [2, 4, 6, 8]
const MOST_STEPS = 40

/**
 * `Z₀ = q₀(A)`, `Zⱼ = Zⱼ₋₁ qⱼ(Zⱼ₋₁ A Zⱼ₋₁)`, `A^-½ ≈ Z r(I − Z A Z)`, to a relative error of `precision`, for matrices
 * with eigenvalues in `[least, largest]`. The steps are polynomials closest to the sign function, `u q(u²)` on what
 * the interval of `u = √t` has come to; the last one interpolates `(1 − x)^-½` in Chebyshev's points, of which 0 is one.
 * All degrees are even. Undefined where the interval does not shrink.
 */
export function rootPolynomials(least: number, largest: number, precision: number): RootPolynomials | undefined {
  const steps: number[][] = []
  // The eigenvalues of Z A Z are within `top · [low², 1]`; those of A itself before the first step.
  let low = Math.sqrt(Math.min(1, least / largest))
  let top = largest
  while (steps.length < MOST_STEPS) {
    // A first step of a lower degree is enough where the interval is short.
    for (const degree of steps.length === 0 ? [STEP_DEGREE - 2, STEP_DEGREE] : [STEP_DEGREE]) {
      const { coefficients, error } = signPolynomial(low, degree + 1)
      const step = coefficients.map((c, k) => c * top ** (-k - 0.5))
      // Rounding keeps the interval from shrinking to the point that the exact polynomial promises.
      const left = Math.min((1 - error) / (1 + error), 1 - 1e-9)
      const last = lastPolynomial((1 - left * left) / (1 + left * left), precision)
      if (last !== undefined) return inOneScale([...steps, step], last, (1 + error ** 2) ** -0.5)
      if (degree < STEP_DEGREE) continue
      steps.push(step)
      low = left
      top = (1 + error) ** 2
    }
  }
  return undefined
}

/** Moves all constant coefficients, and the last factor of `Z`, to the first step. */
function inOneScale(steps: readonly number[][], last: readonly number[], factor: number): RootPolynomials {
  let scale = factor
  const further: number[][] = []
  for (const [constant, ...others] of steps.slice(1).reverse()) {
    scale *= constant!
    further.unshift(others.map((c, k) => c / constant! / scale ** (2 * k + 2)))
  }
  return { first: steps[0]!.map((c) => c * scale), further, last }
}

/** The interpolant of lowest degree that is precise enough within `radius` of 0, if one of those at hand is. */
function lastPolynomial(radius: number, precision: number): number[] | undefined {
  for (const degree of LAST_DEGREES) {
    const coefficients = interpolate(radius, degree)
    const value = (x: number) => 1 + coefficients.reduceRight((sum, c) => (sum + c) * x, 0)
    let worst = 0
    for (let i = -200; i <= 200; i++) {
      const x = (radius * i) / 200
      worst = Math.max(worst, Math.abs(value(x) * Math.sqrt(1 - x) - 1))
    }
    if (worst < precision) return coefficients
  }
  return undefined
}

/** Coefficients of `x, x², …` of the polynomial through `(1 − x)^-½` at `degree + 1` Chebyshev points, by Newton's form. */
function interpolate(radius: number, degree: number): number[] {
  const points = Array.from({ length: degree + 1 }, (_, i) => Math.cos((Math.PI * (2 * i + 1)) / (2 * degree + 2)))
  const differences = points.map((x) => (1 - radius * x) ** -0.5)
  for (let order = 1; order <= degree; order++) {
    for (let i = degree; i >= order; i--) {
      differences[i] = (differences[i]! - differences[i - 1]!) / (points[i]! - points[i - order]!)
    }
  }
  let powers = [differences[degree]!]
  for (let i = degree - 1; i >= 0; i--) {
    const shifted = [0, ...powers]
    powers.forEach((c, k) => {
      shifted[k] = shifted[k]! - points[i]! * c
    })
    shifted[0] = shifted[0]! + differences[i]!
    powers = shifted
  }
  return powers.slice(1).map((c, k) => c / radius ** (k + 1))
}
