import type { Method } from '../../method.ts'
import { multiSource } from './multi-source.ts'

/** The methods that know one source from another. */
export const severalSourcesMethods: readonly Method[] = [multiSource]
