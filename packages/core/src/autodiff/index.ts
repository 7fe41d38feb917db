export * from './differentiate.ts'
export { reverseGradient, stopGradient } from './markers.ts'
export { type OperatorEntry, operatorTable } from './operator-table.ts'
