import { DidNotConvergeError } from '../errors.ts'
import type { Runtime } from '../runtime/index.ts'
import { identity, type Matrix, matrix, rowOf, seededRandom, takeColumns } from '../tensor/index.ts'
import { type ChebyshevFilter, chebyshevFilter } from './chebyshev-filter.ts'
import type { Operator } from './operators.ts'
import { type RitzPairs, rayleighRitz } from './rayleigh-ritz.ts'
import type { Eigenpairs } from './symmetric-eigen.ts'

export interface TopEigenOptions {
  /**
   * A metric `G`, symmetric positive semidefinite: the operator `M` is then self-adjoint in `⟨u, v⟩ = uᵀGv` (`GM` is
   * symmetric) and the vectors come out with `VᵀGV = I`. Default: the identity.
   */
  readonly metric?: Matrix
  /** `n × m` vectors to begin with, from a similar problem: saves most of the work. */
  readonly start?: Matrix
  /**
   * Largest residual `‖Mv − θv‖` of a wanted pair, as a part of the largest eigenvalue. An eigenvalue's own error is
   * of the order of its square. Default 1e-8.
   */
  readonly tolerance?: number
}

/** Eigenpairs with the whole block that was iterated, to start the next similar problem from. */
export interface TopEigenpairs extends Eigenpairs {
  readonly block: Matrix
}

/** Below this size, or where most of the pairs are wanted, the whole small problem is solved at once. */
const SMALL = 96
const MOST_PART = 0.7
const MOST_ROUNDS = 100
const MOST_STEPS = 24

/**
 * The `k` largest eigenpairs of a positive semidefinite operator, by subspace iteration filtered with Chebyshev
 * polynomials (Zhou, Saad, Tiago and Chelikowsky 2006): all but small matrices runs as products on the runtime. A
 * block somewhat wider than `k` is multiplied by a polynomial that stays small on the unwanted part of the spectrum
 * and grows fast above it, then a Rayleigh–Ritz step takes the best vectors of its span. Deterministic. Gives fewer
 * than `k` pairs, at least one, where the operator or the metric has a smaller rank. Throws `DidNotConvergeError`.
 */
export async function topEigenpairs(
  runtime: Runtime,
  operator: Operator,
  k: number,
  options: TopEigenOptions = {},
): Promise<TopEigenpairs> {
  const n = operator.size
  const width = Math.min(n, k + Math.max(8, Math.ceil(k * 0.25)))
  const tolerance = options.tolerance ?? 1e-8
  const ritz = rayleighRitz(runtime, operator.stage, options.metric)
  if (n <= SMALL || width > MOST_PART * n) return best(await ritz(identity(n)), k, n)
  const filter = chebyshevFilter(runtime, operator)
  const given = options.start?.rows === n && options.start.columns === width ? options.start : undefined
  let state = await ritz(given ?? (await firstBlock(operator, filter, width)))
  let refilled = 0
  for (let round = 0; ; round++) {
    const found = state.values.length
    const top = Math.max(state.values[0] ?? 0, 0)
    const residual = state.residuals.subarray(0, Math.min(k, found)).reduce((worst, r) => Math.max(worst, r), 0)
    // Fewer vectors than asked for count only where fresh ones did not add to them: else they were lost to rounding.
    if (residual <= tolerance * top && (found >= k || refilled >= found)) return best(state, k, n)
    if (round === MOST_ROUNDS) {
      throw new DidNotConvergeError(`eigenpairs 1 to ${k} of ${n}`, residual / top, 'ask for fewer components')
    }
    refilled = found < width ? found : 0
    const block = found < width ? besideEachOther(state.block, randomBlock(n, width - found, round + 1)) : state.block
    const cut = Math.max(state.values.at(-1) ?? 0, top * 1e-14)
    state = await ritz(await filter(block, cut, refilled > 0 ? 1 : filterDegree(state, cut)))
  }
}

/** Steps with a random block: one more would leave little besides the largest eigenvectors. */
const FIRST_STEPS = 2

/** A random block; of a formed matrix, filtered above its mean eigenvalue already. */
async function firstBlock({ size, matrix: formed }: Operator, filter: ChebyshevFilter, width: number): Promise<Matrix> {
  const block = randomBlock(size, width, 0)
  if (formed === undefined) return block
  let trace = 0
  for (let i = 0; i < size; i++) trace += formed.data[i * size + i]!
  return trace > 0 ? filter(block, trace / size, FIRST_STEPS) : block
}

/**
 * How many steps of the recursion: as many as keep the block's columns independent in float64. Each column holds the
 * direction of eigenvector `i` to about the part of that one's residual, and a step lets that part grow by `e^growthᵢ`.
 */
function filterDegree({ values, residuals }: RitzPairs, cut: number): number {
  let degree = MOST_STEPS
  for (let i = 0; i < values.length; i++) {
    const growth = Math.acosh(Math.max((2 * values[i]!) / cut - 1, 1 + 1e-9))
    const part = Math.min(1, Math.max(residuals[i]! / values[i]!, 1e-14))
    degree = Math.min(degree, Math.log(1e4 / part) / growth)
  }
  return Math.max(1, Math.floor(degree))
}

const best = ({ values, block }: RitzPairs, k: number, n: number): TopEigenpairs => {
  if (values.length === 0) return vanishing(n)
  const count = Math.min(k, values.length)
  return { values: values.slice(0, count), vectors: takeColumns(block, 0, count), block }
}

/** What is left to say of an operator that sends everything to zero: one direction, any. */
const vanishing = (n: number): TopEigenpairs => {
  const vectors = takeColumns(identity(n), 0, 1)
  return { values: new Float64Array(1), vectors, block: vectors }
}

function randomBlock(n: number, m: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const block = matrix(n, m)
  for (let i = 0; i < block.data.length; i++) block.data[i] = random.uniform() - 0.5
  return block
}

function besideEachOther(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows, a.columns + b.columns)
  for (let i = 0; i < a.rows; i++) {
    result.data.set(rowOf(a, i), i * result.columns)
    result.data.set(rowOf(b, i), i * result.columns + a.columns)
  }
  return result
}
