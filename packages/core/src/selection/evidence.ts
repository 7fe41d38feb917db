/**
 * A column of targets `y` (`n`) in the singular basis of the features: all that the evidence of a linear model depends on.
 */
export interface SpectralTarget {
  /** `n`. */
  readonly rows: number
  /** `σ²`, the `r` squared singular values of the features, descending, all positive. */
  readonly squares: Float64Array
  /** `(uᵢᵀ y)²`, `r` values. */
  readonly along: Float64Array
  /** `‖y‖²` less the sum of `along`: what no linear function of the features can reach. */
  readonly beyond: number
}

/** Where the evidence of a linear model is largest. */
export interface Evidence {
  /** `log p(y | F)`, in nats. */
  readonly logEvidence: number
  /** Precision of the weights. */
  readonly alpha: number
  /** Precision of the noise. */
  readonly beta: number
}

/** `α / β` is kept within these multiples of the largest `σ²`: beyond them float64 sees no difference. */
const LEAST = 1e-16
const MOST = 1e16
const GRID_POINTS = 65
const TOLERANCE = 1e-10

/**
 * The precisions of the linear model `y = Fw + ε`, `w ~ N(0, I/α)`, `ε ~ N(0, I/β)`, under which `y` is most probable.
 * Where the evidence is largest, their ratio `t = α/β` is a fixed point,
 *
 * `t = γ ‖y − Fm‖² / ((n − γ) ‖m‖²)`, `γ = Σᵢ σᵢ² / (σᵢ² + t)`, `m` being the mean of `w` given `y`.
 *
 * The right side exceeds `t` exactly where the evidence grows with `t`, so `log t` is found by bisection to 1e-10, beside
 * the best point of a grid: that is the largest of several maxima, and no flat evidence makes it slow, as it does the
 * papers' iteration. `t` ends at a bound where `y` has nothing to do with the features, or no noise at all. `y` must not
 * be 0.
 */
export function maximumEvidence(target: SpectralTarget): Evidence {
  const largest = target.squares[0]
  if (largest === undefined) return evidenceAt(target, 1)
  const low = Math.log(LEAST * largest)
  const step = Math.log(MOST / LEAST) / (GRID_POINTS - 1)
  const grid = Array.from({ length: GRID_POINTS }, (_, i) => low + step * i)
  const values = grid.map((x) => evidenceAt(target, Math.exp(x)).logEvidence)
  const best = values.indexOf(Math.max(...values))
  const rising = grows(target, grid[best])
  let from = rising ? grid[best] : grid[Math.max(0, best - 1)]
  let to = rising ? grid[Math.min(GRID_POINTS - 1, best + 1)] : grid[best]
  while (to - from > TOLERANCE) {
    const middle = (from + to) / 2
    if (grows(target, middle)) from = middle
    else to = middle
  }
  return evidenceAt(target, Math.exp((from + to) / 2))
}

/** Whether the evidence grows with `log t`. */
const grows = (target: SpectralTarget, x: number): boolean => nextRatio(target, Math.exp(x)) > Math.exp(x)

/** `γ ‖y − Fm‖² / ((n − γ) ‖m‖²)` at the ratio `t`. */
function nextRatio({ rows, squares, along, beyond }: SpectralTarget, t: number): number {
  let gamma = 0
  let missed = beyond
  let length = 0
  for (let i = 0; i < squares.length; i++) {
    const total = squares[i] + t
    gamma += squares[i] / total
    missed += along[i] * (t / total) ** 2
    length += (along[i] * squares[i]) / total ** 2
  }
  return (gamma * missed) / (restOfRows(rows, squares, gamma, t) * length)
}

/** `n − γ`, without the digits that the difference would lose. */
function restOfRows(rows: number, squares: Float64Array, gamma: number, t: number): number {
  if (squares.length < rows) return rows - gamma
  return squares.reduce((sum, square) => sum + t / (square + t), 0)
}

/** The log evidence at the ratio `t = α/β`, with the `β` that is best for it: `n / β = Σᵢ along·t/(σᵢ² + t) + beyond`. */
function evidenceAt({ rows, squares, along, beyond }: SpectralTarget, t: number): Evidence {
  let weighted = beyond
  let determinant = 0
  for (let i = 0; i < squares.length; i++) {
    weighted += along[i] * (t / (squares[i] + t))
    determinant += Math.log1p(squares[i] / t)
  }
  const beta = rows / weighted
  const logEvidence = (rows * (Math.log(beta / (2 * Math.PI)) - 1) - determinant) / 2
  return { logEvidence, alpha: t * beta, beta }
}
