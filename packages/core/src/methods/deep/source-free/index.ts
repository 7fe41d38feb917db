import type { Method } from '../../method.ts'
import { nrc } from './nrc.ts'
import { shot } from './shot.ts'

/** The methods that need the source's model and not its data. */
export const sourceFreeMethods: readonly Method[] = [shot, nrc]
