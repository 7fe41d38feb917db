import { erf } from '../erf.ts'
import type { Kernels } from '../kernel.ts'
import { each } from './elementwise.ts'

/** To the nearest whole number, halves to the even one. */
function roundToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1
  return rest < 0.5 ? below : below + 1
}

/** Mathematical functions of one number. */
export const functions: Kernels = {
  Neg: each((x) => -x),
  Abs: each(Math.abs),
  Sign: each(Math.sign),
  Sqrt: each(Math.sqrt),
  Reciprocal: each((x) => 1 / x),
  Exp: each(Math.exp),
  Log: each(Math.log),
  Erf: each(erf),
  Sin: each(Math.sin),
  Cos: each(Math.cos),
  Tan: each(Math.tan),
  Asin: each(Math.asin),
  Acos: each(Math.acos),
  Atan: each(Math.atan),
  Sinh: each(Math.sinh),
  Cosh: each(Math.cosh),
  Tanh: each(Math.tanh),
  Asinh: each(Math.asinh),
  Acosh: each(Math.acosh),
  Atanh: each(Math.atanh),
  Floor: each(Math.floor),
  Ceil: each(Math.ceil),
  Round: each((x) => (Number.isFinite(x) ? roundToEven(x) : x)),
}
