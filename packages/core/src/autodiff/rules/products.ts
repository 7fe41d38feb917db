import type { Rule } from '../rule.ts'
import { matMul } from './mat-mul.ts'

/** Matrix products. */
export const productRules: readonly Rule[] = [matMul]
