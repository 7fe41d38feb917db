export { checkpointFolder } from './checkpoint-folder.ts'
export * from './output-folder.ts'
export * from './write-atomically.ts'
