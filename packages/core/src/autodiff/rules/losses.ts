import type { Rule } from '../rule.ts'
import { negativeLogLikelihoodLoss } from './negative-log-likelihood-loss.ts'
import { softmaxCrossEntropyLoss } from './softmax-cross-entropy-loss.ts'

/** Losses that are operators of their own. */
export const lossRules: readonly Rule[] = [negativeLogLikelihoodLoss, softmaxCrossEntropyLoss]
