import { InvalidInputError } from '../errors.ts'
import { unknownName } from '../settings/index.ts'
import { bss } from './strategies/bss.ts'
import { coTuning } from './strategies/co-tuning.ts'
import { conservative } from './strategies/conservative.ts'
import { delta } from './strategies/delta.ts'
import { ewc } from './strategies/ewc.ts'
import { full } from './strategies/full.ts'
import { gradual } from './strategies/gradual.ts'
import { head } from './strategies/head.ts'
import { l2Sp } from './strategies/l2-sp.ts'
import { lwf } from './strategies/lwf.ts'
import { stochNorm } from './strategies/stoch-norm.ts'
import type { Strategy } from './strategy.ts'

/** All strategies, in the order of lists. */
export const strategies: readonly Strategy[] = [
  head,
  full,
  gradual,
  conservative,
  l2Sp,
  delta,
  bss,
  stochNorm,
  coTuning,
  lwf,
  ewc,
]

/** Throws `InvalidInputError` for an id that is not there, with the nearest one. */
export function findStrategy(id: string): Strategy {
  const found = strategies.find((strategy) => strategy.id === id)
  if (found !== undefined) return found
  const ids = strategies.map((strategy) => strategy.id)
  throw new InvalidInputError(unknownName('strategy', id, ids))
}
