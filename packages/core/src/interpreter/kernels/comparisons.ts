import { intOf, type Kernels } from '../kernel.ts'
import { each, type Loop, mapped, pairwise } from './elementwise.ts'

const and: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i]
}
const or: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i])
}
const differ: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] !== b[i] ? 1 : 0
}
const equal: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 1 : 0
}
const greater: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] > b[i] ? 1 : 0
}
const greaterOrEqual: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] >= b[i] ? 1 : 0
}
const less: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] < b[i] ? 1 : 0
}
const lessOrEqual: Loop = (a, b, out) => {
  for (let i = 0; i < out.length; i++) out[i] = a[i] <= b[i] ? 1 : 0
}

/** Comparisons and logic: truth values, with broadcasting. */
export const comparisons: Kernels = {
  And: pairwise(and, 'bool'),
  Or: pairwise(or, 'bool'),
  Xor: pairwise(differ, 'bool'),
  Not: each((x) => 1 - x, 'bool'),
  Equal: pairwise(equal, 'bool'),
  Greater: pairwise(greater, 'bool'),
  GreaterOrEqual: pairwise(greaterOrEqual, 'bool'),
  Less: pairwise(less, 'bool'),
  LessOrEqual: pairwise(lessOrEqual, 'bool'),
  IsNaN: each((x) => (Number.isNaN(x) ? 1 : 0), 'bool'),
  IsInf: (call) => {
    const above = intOf(call, 'detect_positive', 1)
    const below = intOf(call, 'detect_negative', 1)
    return mapped(call, (x) => (x === Infinity ? above : x === -Infinity ? below : 0), 'bool')
  },
}
