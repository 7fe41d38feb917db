export * from './matrix.ts'
export * from './random.ts'
export * from './sparse.ts'
export * from './tensor.ts'
