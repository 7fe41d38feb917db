export * from './domain.ts'
export * from './preparation.ts'
export * from './problem.ts'
export * from './task.ts'
