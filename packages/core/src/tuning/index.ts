export * from './catalogue.ts'
export * from './strategy.ts'
