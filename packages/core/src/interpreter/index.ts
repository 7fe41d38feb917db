export * from './interpret.ts'
export { type Kind, tensorValue, type Value, value } from './value.ts'
