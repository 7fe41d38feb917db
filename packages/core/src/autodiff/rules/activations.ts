import type { Rule } from '../rule.ts'
import { relu } from './relu.ts'

/** Activation functions. */
export const activationRules: readonly Rule[] = [relu]
