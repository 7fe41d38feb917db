import { findMethod, parseSettings } from 'graft-learn'
import type { Baseline } from '../report/report-data.ts'
import type { Plan } from './plan.ts'
import type { TransferData } from './transfer-data.ts'

/**
 * Which method the others are compared with: the source alone (where all of them train a network, by the same network),
 * or, where source and target have different columns, the labelled target rows alone; null where nothing can be scored,
 * or there are no such rows.
 */
export function baselineMethod(
  data: Pick<TransferData, 'truth' | 'differentFeatures' | 'labelledTarget'>,
  networks: Plan['networks'] = 'none',
): { readonly name: Baseline['name']; readonly method: 'none' | 'source-only' | 'target-only' } | null {
  if (data.truth === null) return null
  if (!data.differentFeatures) return { name: 'source only', method: networks === 'all' ? 'source-only' : 'none' }
  return data.labelledTarget === undefined ? null : { name: 'target only', method: 'target-only' }
}

/** The settings of the first method, defaults included, that the baseline has as well: how the network is made and trained. */
export function baselineOptions({ methods }: Pick<Plan, 'methods'>, id: string): Readonly<Record<string, unknown>> {
  const [{ method, options }] = methods as [Plan['methods'][number]]
  const own = Object.keys(findMethod(id).options.shape)
  const filled = parseSettings(`method "${method.id}"`, method.options, options)
  return Object.fromEntries(Object.entries(filled).filter(([name]) => own.includes(name)))
}
