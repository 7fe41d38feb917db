import { MARKERS } from '../markers.ts'
import type { Rule } from '../rule.ts'
import { activationRules } from './activations.ts'
import { arithmeticRules } from './arithmetic.ts'
import { layoutRules } from './layout.ts'
import { lossRules } from './losses.ts'
import { normalisationRules } from './normalisations.ts'
import { poolingRules } from './pooling.ts'
import { productRules } from './products.ts'
import { recurrentRules } from './recurrent.ts'
import { reductionRules } from './reductions.ts'
import { windowRules } from './windows.ts'

/**
 * Operators that no gradient passes: what they give is whole numbers, truth values, or constant between jumps.
 */
export const discreteOperators: readonly string[] = [
  'And',
  'ArgMax',
  'ArgMin',
  'BitShift',
  'BitwiseAnd',
  'BitwiseNot',
  'BitwiseOr',
  'BitwiseXor',
  'Ceil',
  'Constant',
  'ConstantOfShape',
  'Equal',
  'EyeLike',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'Hardmax',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'NonZero',
  'Not',
  'OneHot',
  'Or',
  'Range',
  'Round',
  'Shape',
  'Sign',
  'Size',
  'Xor',
]
const discrete = new Set(discreteOperators)

/** Every rule, in the order of their operators' names. */
export const allRules: readonly Rule[] = [
  ...activationRules,
  ...arithmeticRules,
  ...layoutRules,
  ...lossRules,
  ...normalisationRules,
  ...poolingRules,
  ...productRules,
  ...recurrentRules,
  ...reductionRules,
  ...windowRules,
].sort((a, b) => (a.operator < b.operator ? -1 : 1))

const keyOf = (domain: string, op: string): string => `${domain === 'ai.onnx' ? '' : domain} ${op}`
const byKey = new Map(allRules.map((rule) => [keyOf(rule.domain ?? '', rule.operator), rule]))

/** The rule of an operator, if there is one. */
export const ruleOf = (op: string, domain: string): Rule | undefined => byKey.get(keyOf(domain, op))

/** Whether no gradient passes an operator. */
export const isDiscrete = (op: string, domain: string): boolean =>
  domain === MARKERS ? op === 'StopGradient' : domain === '' || domain === 'ai.onnx' ? discrete.has(op) : false
