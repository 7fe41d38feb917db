import type { Tensor } from '../../tensor/index.ts'
import type { Node } from '../model.ts'
import { ownNode } from './nodes.ts'
import type { StepContext } from './step.ts'

const scalar = (value: number): Tensor => ({ type: 'float32', dims: [], data: Float32Array.of(value) })

/** A value, and the nodes that have to come before whatever reads it. */
export interface Typed {
  readonly name: string
  readonly nodes: readonly Node[]
}

/** A stored float32 scalar. */
export const float32Scalar = (value: number, hint: string, context: StepContext): string =>
  context.constant(hint, scalar(value))

/** A scalar of the type of the value `like`: stored as such, or cast where that type is neither float32 nor float64. */
export function scalarLike(value: number, like: string, hint: string, context: StepContext): Typed {
  const { type } = context.known.find(like)
  if (type === 'float32') return { name: float32Scalar(value, hint, context), nodes: [] }
  if (type === 'float64') {
    return { name: context.constant(hint, { type, dims: [], data: Float64Array.of(Math.fround(value)) }), nodes: [] }
  }
  const name = context.fresh(hint)
  return { name, nodes: [ownNode('CastLike', [float32Scalar(value, `${hint}_float`, context), like], [name])] }
}
