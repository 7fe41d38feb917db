import type { Rule } from '../rule.ts'
import { conv } from './conv.ts'
import { convTranspose } from './conv-transpose.ts'

/** Convolutions. */
export const windowRules: readonly Rule[] = [conv, convTranspose]
