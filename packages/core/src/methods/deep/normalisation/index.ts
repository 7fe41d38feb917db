import type { Method } from '../../method.ts'
import { adabn } from './adabn.ts'
import { autoDial } from './auto-dial.ts'
import { tent } from './tent.ts'

/** The methods that adapt batch normalisation. */
export const normalisationMethods: readonly Method[] = [adabn, autoDial, tent]
