export * from './read-table.ts'
export * from './single-precision.ts'
export { columnOptions, type ReadTableOptions, type Table } from './table.ts'
export * from './write-csv.ts'
