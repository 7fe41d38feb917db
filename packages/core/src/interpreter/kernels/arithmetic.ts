import { input, intOf, type Kernels } from '../kernel.ts'
import { combined, type Loop, leftToRight, pairwise } from './elementwise.ts'

const add: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i]
}
const subtract: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i]
}
const multiply: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i]
}
const divide: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i]
}
const divideWhole: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.trunc(a[i] / b[i]) + 0
}
/** The remainder with the sign of the dividend, as C's `fmod`. */
const remainder: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] % b[i]
}
/** The remainder with the sign of the divisor. */
const modulo: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i] * Math.floor(a[i] / b[i])
}
const power: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] ** b[i]
}
const powerWhole: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.trunc(a[i] ** b[i]) + 0
}
const smaller: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i], b[i])
}
const larger: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i])
}

const sum = leftToRight(add)

/** Sums, products and their like, with broadcasting; whole numbers divide towards zero. */
export const arithmetic: Kernels = {
  Add: pairwise(add),
  Sub: pairwise(subtract),
  Mul: pairwise(multiply),
  Div: (call) => combined(call, input(call, 0).kind === 'int' ? divideWhole : divide),
  Mod: (call) => combined(call, intOf(call, 'fmod', 0) === 1 ? remainder : modulo),
  Pow: (call) => combined(call, input(call, 0).kind === 'int' ? powerWhole : power),
  Min: leftToRight(smaller),
  Max: leftToRight(larger),
  Sum: sum,
  Mean: (call) => {
    const [total] = sum(call)
    return [{ ...total, data: total.data.map((x) => x / call.inputs.length) }]
  },
}
