import type { Rule } from '../rule.ts'

/** Convolution and pooling. */
export const windowRules: readonly Rule[] = []
