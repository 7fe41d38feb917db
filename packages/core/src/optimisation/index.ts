export * from './lbfgs.ts'
export * from './line-search.ts'
