import type { Rule } from '../rule.ts'
import { batchNormalization } from './batch-normalization.ts'
import { groupNormalization, instanceNormalization } from './group-normalization.ts'
import { layerNormalization } from './layer-normalization.ts'
import { lpNormalization } from './lp-normalization.ts'
import { lrn } from './lrn.ts'
import { meanVarianceNormalization } from './mean-variance-normalization.ts'
import { rmsNormalization } from './rms-normalization.ts'

/** Normalisations of activations. */
export const normalisationRules: readonly Rule[] = [
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lpNormalization,
  lrn,
  meanVarianceNormalization,
  rmsNormalization,
]
