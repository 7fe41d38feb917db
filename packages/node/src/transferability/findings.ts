import { type Estimate, runName } from 'graft-learn'
import { percent } from '../report/text.ts'
import type { Transferability } from './call.ts'

/** A difference in percentage points with its standard error: `+1.2 ± 0.3`. */
export function points({ mean, error, count }: Estimate): string {
  if (count === 0) return '–'
  const sign = mean < 0 ? '−' : '+'
  const size = `${sign}${Math.abs(100 * mean).toFixed(1)}`
  return Number.isFinite(error) ? `${size} ± ${(100 * error).toFixed(1)}` : size
}

/** A share in percent with its standard error: `96.4 ± 0.2`. */
export function shareText(estimate: Estimate | undefined): string {
  if (estimate === undefined || estimate.count === 0) return '–'
  const { mean, error } = estimate
  return Number.isFinite(error) ? `${(100 * mean).toFixed(1)} ± ${(100 * error).toFixed(1)}` : percent(mean)
}

/** In one sentence, where features turn from general to specific. */
export function headlineOf({ layers, summary, interrupted }: Transferability): string {
  const { cuts, specificFrom, base } = summary
  if (interrupted && cuts.length === 0) return 'Interrupted before anything was transferred'
  if (base.B.count < 2)
    return 'One repetition says nothing of errors: give --seeds 5 or more to tell where features turn specific'
  if (!cuts.some(({ specificity }) => specificity.count > 1)) return 'No cut was tried with both BnB and AnB'
  if (specificFrom === null) return 'No layer is specific to its task beyond two standard errors'
  if (specificFrom === cuts[0]!.cut)
    return `Features are specific to their task from the first cut on, after ${layers[specificFrom - 1]}`
  const before = cuts.findLast(({ cut }) => cut < specificFrom)!
  return `Features are general up to ${layers[before.cut - 1]} and specific from ${layers[specificFrom - 1]} on`
}

/** What else the numbers say. */
export function findingsOf({ layers, summary, runs }: Transferability): string[] {
  const { cuts, mostCoAdapted } = summary
  const deepest = cuts.at(-1)
  if (deepest === undefined) return []
  const at = (cut: number) => `${cut} ${cut === 1 ? 'layer' : 'layers'} (up to ${layers[cut - 1]})`
  const name = (cut: number, treatment: 'selffer' | 'transfer' | 'transfer-tuned' | 'random') =>
    runName({ treatment, cut, task: 'B' })
  const dip = cuts.find(({ cut }) => cut === mostCoAdapted)
  const tuned = cuts.filter(({ gain }) => gain.count > 0)
  const best = tuned.toSorted((a, b) => b.gain.mean - a.gain.mean)[0]
  return [
    ...undertrained(runs),
    ...(deepest.specificity.count > 0
      ? [
          `With ${at(deepest.cut)} frozen, ${name(deepest.cut, 'transfer')} lies ${points({ ...deepest.specificity, mean: -deepest.specificity.mean })} points from ${name(deepest.cut, 'selffer')}: lost since the layers were learnt for the other task.`,
        ]
      : []),
    dip === undefined
      ? 'No cut shows co-adaptation beyond two standard errors: layers learn to work with frozen ones of their own task as well as the base did.'
      : `Co-adaptation is largest after ${layers[dip.cut - 1]}: ${name(dip.cut, 'selffer')} lies ${points({ ...dip.coAdaptation, mean: -dip.coAdaptation.mean })} points from base B, though its frozen layers are base B’s own.`,
    ...(best === undefined
      ? []
      : [
          `Trained on, transferred layers gain most with ${at(best.cut)}: ${name(best.cut, 'transfer-tuned')} lies ${points(best.gain)} points from base B.`,
        ]),
    ...(deepest.overRandom.count > 0
      ? [
          `Frozen layers of the other task are worth ${points(deepest.overRandom)} points more than random ones with ${at(deepest.cut)}.`,
        ]
      : []),
  ]
}

/** Below this share of its own training rows a network has not learnt them. */
const LEARNT = 0.9

/** A warning where bases or BnB did not learn even what they were trained on: gaps then come of too little training. */
function undertrained(runs: Transferability['runs']): string[] {
  const mean = (of: Transferability['runs']) => of.reduce((sum, run) => sum + run.trainAccuracy, 0) / of.length
  const names = [...new Set(runs.filter(({ treatment }) => treatment !== 'random').map(({ name }) => name))]
  const found = names
    .filter((name) => name.startsWith('base') || /^B\d+B$/.test(name))
    .map((name) => ({ name, share: mean(runs.filter((run) => run.name === name)) }))
    .filter(({ share }) => share < LEARNT)
  if (found.length === 0) return []
  const said = found.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')
  return [
    `Too little training: of the rows they learnt from, networks tell few right (${said}). Differences then say little of features: give more --epochs, a higher --rate or smaller --batch.`,
  ]
}
