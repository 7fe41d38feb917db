import type { Method } from '../../method.ts'
import { dan } from './dan.ts'
import { ddc } from './ddc.ts'
import { deepCoral } from './deep-coral.ts'
import { deepJdot } from './deep-jdot.ts'
import { jan } from './jan.ts'
import { mmdNet } from './mmd-net.ts'
import { wdgrl } from './wdgrl.ts'

/** The methods that make a measured difference between the domains smaller. */
export const discrepancyMethods: readonly Method[] = [mmdNet, ddc, dan, jan, deepCoral, deepJdot, wdgrl]
