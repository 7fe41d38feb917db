import type { Method } from '../method.ts'
import { dann } from './adversarial/dann.ts'
import { sourceOnly } from './baseline/source-only.ts'

/** The methods that train a network, in the order in which they are listed. */
export const deepMethods: readonly Method[] = [sourceOnly, dann]
