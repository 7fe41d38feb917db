import type { Rule } from '../rule.ts'

/** Operators that move, choose or repeat elements. */
export const layoutRules: readonly Rule[] = []
