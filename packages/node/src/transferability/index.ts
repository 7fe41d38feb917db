export type { FiltersDrawn, Transferability, TransferabilityCall, TransferabilityWatch } from './call.ts'
export { drawFilters, runTransferability } from './run-transferability.ts'
