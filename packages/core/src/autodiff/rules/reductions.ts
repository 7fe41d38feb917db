import type { Rule } from '../rule.ts'
import { reduceMax, reduceMin } from './reduce-extreme.ts'
import { reduceLogSum, reduceLogSumExp } from './reduce-log.ts'
import { reduceMean } from './reduce-mean.ts'
import { reduceL1, reduceL2, reduceSumSquare } from './reduce-norm.ts'
import { reduceProd } from './reduce-prod.ts'
import { reduceSum } from './reduce-sum.ts'

/** Reductions over axes. */
export const reductionRules: readonly Rule[] = [
  reduceSum,
  reduceMean,
  reduceMax,
  reduceMin,
  reduceL1,
  reduceL2,
  reduceSumSquare,
  reduceLogSum,
  reduceLogSumExp,
  reduceProd,
]
