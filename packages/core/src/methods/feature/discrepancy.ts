import { UNLABELLED } from '../../data/index.ts'
import { type Matrix, matrix, rowOf } from '../../tensor/index.ts'

/**
 * The maximum mean discrepancy of two samples as a sum of squares: `tr(WᵀK M KW)` with `M = Σ_c e_c e_cᵀ / ‖Σ e eᵀ‖_F`
 * (Long 2013, eq. 3 to 6). `e_c` holds `1/n_c` at the source rows of class `c` and `−1/m_c` at the target's, so that
 * `Xᵀe_c` is a difference of class means: the `n × n` matrix `M` is never formed.
 */
export interface Discrepancy {
  /** `n × r`: column `c` is `e_c / √‖M‖_F`; source rows first, then target rows. */
  readonly coefficients: Matrix
}

/** How the terms of the classes weigh. */
export interface ConditionalTerms {
  /** Weight of each class's term; default 1. */
  readonly weight?: number
  /**
   * Class means weighted by the root of the class's share of its domain's labelled rows, `√P(y_s = c)` and
   * `√P(y_t = c)` (Wang 2017, eq. 9), so that a class that is frequent in one domain only does not pull it to the other.
   */
  readonly byPriors?: boolean
  /**
   * What `M` is divided by: the norm of all of it (the default), or that of the domains' term alone, times the number of the
   * source's classes. The terms of the classes have larger norms than it, the more so the smaller the classes are.
   */
  readonly dividedBy?: 'all' | 'marginal'
}

/**
 * The marginal term (weighted by `marginalWeight`), and, where target labels (given or pseudo) are known, a term per
 * class that has rows in both domains: a class without rows in one of them has no conditional discrepancy. Where no
 * term is left, `M = 0`.
 */
export function discrepancy(
  sourceLabels: Int32Array,
  targetLabels: Int32Array | undefined,
  targetRows: number,
  classes: number,
  marginalWeight: number,
  { weight = 1, byPriors = false, dividedBy = 'all' }: ConditionalTerms = {},
): Discrepancy {
  const n = sourceLabels.length
  const terms: { readonly label: number | undefined; readonly source: number; readonly target: number }[] = []
  if (marginalWeight > 0) {
    const root = Math.sqrt(marginalWeight)
    terms.push({ label: undefined, source: root / n, target: root / targetRows })
  }
  if (targetLabels !== undefined && weight > 0) {
    const inSource = countLabels(sourceLabels, classes)
    const inTarget = countLabels(targetLabels, classes)
    const [labelledSource, labelledTarget] = [sum(inSource), sum(inTarget)]
    const root = Math.sqrt(weight)
    for (let label = 0; label < classes; label++) {
      const [rows, others] = [inSource[label]!, inTarget[label]!]
      if (rows === 0 || others === 0) continue
      terms.push({
        label,
        source: (root * (byPriors ? Math.sqrt(rows / labelledSource) : 1)) / rows,
        target: (root * (byPriors ? Math.sqrt(others / labelledTarget) : 1)) / others,
      })
    }
  }
  if (terms.length === 0) return { coefficients: matrix(n + targetRows, 1) }
  const coefficients = matrix(n + targetRows, terms.length)
  terms.forEach((term, column) => {
    for (let i = 0; i < n; i++) {
      if (term.label === undefined || sourceLabels[i] === term.label) rowOf(coefficients, i)[column] = term.source
    }
    for (let i = 0; i < targetRows; i++) {
      if (term.label === undefined || targetLabels?.[i] === term.label) {
        rowOf(coefficients, n + i)[column] = -term.target
      }
    }
  })
  const marginal = () => (1 / n + 1 / targetRows) * Math.max(1, classesWithRows(sourceLabels, classes))
  const scale = 1 / Math.sqrt(dividedBy === 'all' ? frobeniusOfOuterSum(coefficients) : marginal())
  for (let i = 0; i < coefficients.data.length; i++) coefficients.data[i] = coefficients.data[i]! * scale
  return { coefficients }
}

/** How many of the classes have a row with that label. */
export const classesWithRows = (labels: Int32Array, classes: number): number =>
  countLabels(labels, classes).reduce((count, rows) => count + (rows > 0 ? 1 : 0), 0)

/** `‖E Eᵀ‖_F = ‖EᵀE‖_F`. */
function frobeniusOfOuterSum(e: Matrix): number {
  const r = e.columns
  const products = new Float64Array(r * r)
  for (let i = 0; i < e.rows; i++) {
    const row = rowOf(e, i)
    for (let a = 0; a < r; a++) {
      if (row[a] === 0) continue
      for (let b = 0; b < r; b++) products[a * r + b] = products[a * r + b]! + row[a]! * row[b]!
    }
  }
  return Math.sqrt(products.reduce((sum, value) => sum + value * value, 0))
}

const sum = (counts: Int32Array): number => counts.reduce((total, count) => total + count, 0)

function countLabels(labels: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes)
  for (const label of labels) if (label !== UNLABELLED) counts[label] = counts[label]! + 1
  return counts
}
