import type { Rule } from '../rule.ts'
import { add } from './add.ts'
import { reverseGradientRule } from './reverse-gradient.ts'

/** Arithmetic, element by element. */
export const arithmeticRules: readonly Rule[] = [add, reverseGradientRule]
