import { defineUnaryRule } from './unary-rule.ts'

/** The gradient passes in the type of the input. */
export const cast = defineUnaryRule({
  operator: 'Cast',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.cast(gradient, x.type),
})

/** As `Cast`; the value that names the type has no gradient. */
export const castLike = defineUnaryRule({
  operator: 'CastLike',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.cast(gradient, x.type),
})
