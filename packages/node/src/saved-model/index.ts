export * from './model-file.ts'
export * from './predict.ts'
export * from './saved-model.ts'
