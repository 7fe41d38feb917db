import type { Rule } from '../rule.ts'
import { averagePool } from './average-pool.ts'
import { globalAveragePool, globalLpPool, globalMaxPool } from './global-pool.ts'
import { lpPool } from './lp-pool.ts'
import { maxPool } from './max-pool.ts'

/** Pooling over windows and over whole channels. */
export const poolingRules: readonly Rule[] = [
  averagePool,
  globalAveragePool,
  globalLpPool,
  globalMaxPool,
  lpPool,
  maxPool,
]
