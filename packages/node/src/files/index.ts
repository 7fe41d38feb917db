export * from './output-folder.ts'
export * from './write-atomically.ts'
