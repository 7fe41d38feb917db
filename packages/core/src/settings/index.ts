export * from './nearest-name.ts'
export * from './parse-settings.ts'
