import { findStrategy, InvalidInputError, parseSettings, type Strategy, tuningSettings, unknownName } from 'graft-learn'
import { parseSetting } from '../adapt/settings.ts'
import type { TuneCall } from './call.ts'

/** A call's strategy, depth and settings, found and checked: what can be known before any file is read. */
export interface TuningPlanned {
  readonly strategy: Strategy
  readonly options: Readonly<Record<string, unknown>>
  readonly settings: Readonly<Record<string, unknown>>
  readonly reuse: number | 'auto' | undefined
  readonly epochs: number
}

const DEFAULT_EPOCHS = 10

/** Throws `InvalidInputError` with what is allowed and the nearest name. */
export function planTuning(call: TuneCall): TuningPlanned {
  const strategy = findStrategy(call.strategy ?? 'full')
  const own = Object.keys(strategy.options.shape)
  const common = Object.keys(tuningSettings.shape)
  const [options, settings]: Record<string, unknown>[] = [{}, {}]
  for (const { name, value } of (call.settings ?? []).map(parseSetting)) {
    if (own.includes(name)) options![name] = value
    else if (common.includes(name)) settings![name] = value
    else throw new InvalidInputError(unknownName(`setting of strategy "${strategy.id}"`, name, [...own, ...common]))
  }
  parseSettings(`strategy "${strategy.id}"`, strategy.options, options!)
  parseSettings('training', tuningSettings, settings!)
  return {
    strategy,
    options: options!,
    settings: settings!,
    reuse: reuseOf(call.reuse),
    epochs: call.epochs ?? DEFAULT_EPOCHS,
  }
}

function reuseOf(text: string | undefined): number | 'auto' | undefined {
  if (text === undefined || text === 'auto') return text
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value
  throw new InvalidInputError(
    `--reuse ${text}: give the number of blocks to keep ("graft inspect MODEL" lists them), or auto`,
  )
}
