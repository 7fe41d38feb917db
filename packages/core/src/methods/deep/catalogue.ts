import type { Method } from '../method.ts'
import { adversarialMethods } from './adversarial/index.ts'
import { sourceOnly } from './baseline/source-only.ts'
import { discrepancyMethods } from './discrepancy/index.ts'
import { normalisationMethods } from './normalisation/index.ts'
import { predictionMethods } from './prediction/index.ts'
import { pseudoLabelMethods } from './pseudo-labels/index.ts'
import { severalSourcesMethods } from './several-sources/index.ts'
import { sourceFreeMethods } from './source-free/index.ts'

/** The methods that train a network, in the order in which they are listed. */
export const deepMethods: readonly Method[] = [
  sourceOnly,
  ...discrepancyMethods,
  ...adversarialMethods,
  ...predictionMethods,
  ...normalisationMethods,
  ...sourceFreeMethods,
  ...pseudoLabelMethods,
  ...severalSourcesMethods,
]
