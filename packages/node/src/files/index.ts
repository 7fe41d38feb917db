export { checkpointFolder } from './checkpoint-folder.ts'
export { type Checkpoints, checkpointsIn } from './checkpoints.ts'
export * from './output-folder.ts'
export * from './write-atomically.ts'
