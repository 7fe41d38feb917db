import type { Kernels } from '../kernel.ts'

/** Every operator that the interpreter knows. */
export const kernels: Kernels = {}
