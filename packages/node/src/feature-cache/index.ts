export { type BaseOutputOptions, type BaseOutputs, baseOutputs } from './base-outputs.ts'
export { defaultCacheFolder } from './cache-folder.ts'
