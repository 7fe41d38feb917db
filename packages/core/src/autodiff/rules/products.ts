import type { Rule } from '../rule.ts'
import { einsum } from './einsum.ts'
import { gemm } from './gemm.ts'
import { matMul } from './mat-mul.ts'

/** Matrix products. */
export const productRules: readonly Rule[] = [einsum, gemm, matMul]
