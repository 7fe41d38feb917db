export { type AdamOptions, adam, adamW } from './adam.ts'
export type { Optimiser, Update, UpdateContext } from './optimiser.ts'
export { type SgdOptions, sgd } from './sgd.ts'
