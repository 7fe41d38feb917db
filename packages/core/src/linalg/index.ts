export * from './cholesky.ts'
export * from './distances.ts'
export * from './kernels.ts'
export * from './lu.ts'
export * from './nearest-rows.ts'
export * from './neighbour-graph.ts'
export * from './operators.ts'
export { orthonormalising } from './orthonormalising.ts'
export * from './positive-inverse.ts'
export * from './products.ts'
export * from './relative-scatter.ts'
export * from './scatter.ts'
export * from './small-product.ts'
export * from './sparse-product.ts'
export * from './svd.ts'
export {
  gramParts,
  joinSymmetric,
  multiplySymmetric,
  runBySize,
  type SymmetricParts,
  splitSymmetric,
  wholeOrBlocks,
} from './symmetric-blocks.ts'
export * from './symmetric-eigen.ts'
export * from './symmetric-power.ts'
export * from './symmetric-root.ts'
export * from './top-eigen.ts'
export * from './triangular.ts'
