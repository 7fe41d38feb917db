export {
  type Differentiation,
  differentiate,
  exposeParameters,
  gradientName,
  gradients,
  nodesWithoutRule,
  type OperatorEntry,
  operatorTable,
  parametersOf,
  reverseGradient,
  stopGradient,
  withParameters,
} from './autodiff/index.ts'
export * from './classifiers/index.ts'
export * from './data/index.ts'
export * from './errors.ts'
export * from './few-shot/index.ts'
export { type Interpretation, interpret } from './interpreter/index.ts'
export * from './layer-transfer/index.ts'
export * from './linalg/index.ts'
export * from './methods/index.ts'
export * from './metrics/index.ts'
export * from './networks/index.ts'
export * from './onnx/index.ts'
export * from './optimisation/index.ts'
export type { Paper } from './paper.ts'
export * from './relational/index.ts'
export * from './runtime/index.ts'
export * from './selection/index.ts'
export * from './settings/index.ts'
export * from './tensor/index.ts'
export * from './training/index.ts'
export * from './transport/index.ts'
export * from './tuning/index.ts'
export { version } from './version.ts'
