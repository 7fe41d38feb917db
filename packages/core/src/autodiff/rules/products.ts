import type { Rule } from '../rule.ts'
import { gemm } from './gemm.ts'
import { matMul } from './mat-mul.ts'

/** Matrix products. */
export const productRules: readonly Rule[] = [gemm, matMul]
