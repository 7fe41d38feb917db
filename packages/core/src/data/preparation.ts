import {
  affineStage,
  composeStages,
  identityStage,
  rowFrequenciesStage,
  type Stage,
  TINY,
  unitRowsStage,
} from '../onnx/index.ts'
import type { Matrix } from '../tensor/index.ts'

/** How features are prepared before a method sees them, each domain by itself. */
export const scales = ['none', 'zscore', 'l1-zscore', 'l2', 'minmax'] as const

/**
 * - `none`: as they are
 * - `zscore`: each column minus its mean, divided by its (population) deviation
 * - `l1-zscore`: each row divided by its sum, then `zscore`: the usual way with histograms
 * - `l2`: each row to unit length
 * - `minmax`: each column to 0 … 1
 *
 * A constant column becomes 0.
 */
export type Scale = (typeof scales)[number]

/** Measures what a preparation needs on the rows of one domain (`n × d`) and gives the preparation of its rows. */
export function fitPreparation(scale: Scale, features: Matrix): Stage {
  switch (scale) {
    case 'none':
      return identityStage
    case 'zscore':
      return standardise(features)
    case 'l1-zscore':
      return composeStages([rowFrequenciesStage, standardise(features, rowSums(features))])
    case 'l2':
      return unitRowsStage
    case 'minmax':
      return toUnitInterval(features)
  }
}

/** A column that varies by less than this part of its own size is constant but for rounding. */
const CONSTANT = 1e-12

/** z-scores of the columns, of rows divided by `divisors` where given. */
function standardise({ rows, columns, data }: Matrix, divisors?: Float64Array): Stage {
  const mean = new Float64Array(columns)
  const spread = new Float64Array(columns)
  const eachValue = (visit: (value: number, column: number) => void): void => {
    for (let i = 0; i < rows; i++) {
      const divisor = divisors?.[i] ?? 1
      for (let j = 0; j < columns; j++) visit(data[i * columns + j]! / divisor, j)
    }
  }
  eachValue((value, j) => {
    mean[j] = mean[j]! + value / rows
  })
  eachValue((value, j) => {
    spread[j] = spread[j]! + (value - mean[j]!) ** 2 / rows
  })
  const inverse = spread.map((variance, j) => {
    const deviation = Math.sqrt(variance)
    return deviation > CONSTANT * Math.abs(mean[j]!) ? 1 / deviation : 0
  })
  return affineStage(mean, inverse)
}

function toUnitInterval({ rows, columns, data }: Matrix): Stage {
  const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  const most = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = data[i * columns + j]!
      if (value < least[j]!) least[j] = value
      if (value > most[j]!) most[j] = value
    }
  }
  return affineStage(
    least,
    most.map((value, j) => (value > least[j]! ? 1 / (value - least[j]!) : 0)),
  )
}

function rowSums({ rows, columns, data }: Matrix): Float64Array {
  const sums = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]!
    sums[i] = Math.max(sum, TINY)
  }
  return sums
}
