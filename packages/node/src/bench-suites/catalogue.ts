import { digits } from './digits.ts'
import { officeCaltech10Surf } from './office-caltech10-surf.ts'
import type { Suite } from './suite.ts'

/** Every published experiment that can be run again. */
export const suites: readonly Suite[] = [officeCaltech10Surf, digits]
