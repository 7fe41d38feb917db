import type { Rule } from '../rule.ts'
import { gru } from './gru.ts'
import { lstm } from './lstm.ts'
import { rnn } from './rnn.ts'

/** Recurrent layers. */
export const recurrentRules: readonly Rule[] = [gru, lstm, rnn]
