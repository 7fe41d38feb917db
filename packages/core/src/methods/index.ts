export * from './adapt.ts'
export * from './method.ts'
