export * from './read-table.ts'
export type { ReadTableOptions, Table } from './table.ts'
export * from './write-csv.ts'
