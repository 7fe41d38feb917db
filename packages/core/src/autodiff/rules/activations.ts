import type { Rule } from '../rule.ts'
import { celu } from './celu.ts'
import { elu } from './elu.ts'
import { gelu } from './gelu.ts'
import { hardSigmoid } from './hard-sigmoid.ts'
import { hardSwish } from './hard-swish.ts'
import { leakyRelu } from './leaky-relu.ts'
import { mish } from './mish.ts'
import { pRelu } from './p-relu.ts'
import { relu } from './relu.ts'
import { selu } from './selu.ts'
import { sigmoid } from './sigmoid.ts'
import { logSoftmax, softmax } from './softmax.ts'
import { softplus } from './softplus.ts'
import { softsign } from './softsign.ts'
import { swish } from './swish.ts'
import { tanh } from './tanh.ts'
import { thresholdedRelu } from './thresholded-relu.ts'

/** Activation functions. */
export const activationRules: readonly Rule[] = [
  relu,
  leakyRelu,
  pRelu,
  elu,
  selu,
  celu,
  gelu,
  sigmoid,
  hardSigmoid,
  hardSwish,
  mish,
  softplus,
  softsign,
  tanh,
  thresholdedRelu,
  swish,
  softmax,
  logSoftmax,
]
