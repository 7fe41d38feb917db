import type { Rule } from '../rule.ts'
import { abs } from './abs.ts'
import { acos } from './acos.ts'
import { acosh } from './acosh.ts'
import { add } from './add.ts'
import { asin } from './asin.ts'
import { asinh } from './asinh.ts'
import { atan } from './atan.ts'
import { atanh } from './atanh.ts'
import { cast, castLike } from './cast.ts'
import { clip } from './clip.ts'
import { cos } from './cos.ts'
import { cosh } from './cosh.ts'
import { div } from './div.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { identity } from './identity.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { mean } from './mean.ts'
import { min } from './min.ts'
import { mod } from './mod.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { pow } from './pow.ts'
import { reciprocal } from './reciprocal.ts'
import { reverseGradientRule } from './reverse-gradient.ts'
import { sin } from './sin.ts'
import { sinh } from './sinh.ts'
import { sqrt } from './sqrt.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { tan } from './tan.ts'
import { where } from './where.ts'

/** Arithmetic, functions of one number and choices, element by element. */
export const arithmeticRules: readonly Rule[] = [
  add,
  sub,
  mul,
  div,
  mod,
  neg,
  abs,
  pow,
  sqrt,
  reciprocal,
  exp,
  log,
  erf,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  min,
  max,
  sum,
  mean,
  clip,
  where,
  cast,
  castLike,
  identity,
  reverseGradientRule,
]
