export * from './adapt.ts'
export * from './catalogue.ts'
export * from './method.ts'
export * from './pipeline-model.ts'
