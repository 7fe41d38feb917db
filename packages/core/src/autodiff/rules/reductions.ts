import type { Rule } from '../rule.ts'

/** Reductions over axes, and normalisations, which are made of them. */
export const reductionRules: readonly Rule[] = []
