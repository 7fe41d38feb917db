import {
  featureShifts,
  type LabelledDomain,
  type Matrix,
  mmd,
  proxyADistance,
  type Random,
  type Runtime,
  seededRandom,
  stackRows,
  takeColumns,
} from 'graft-learn'
import type { RunReport } from '../report/report-data.ts'
import type { TransferData } from './transfer-data.ts'

/** Features, or dimensions, that a report shows. */
const SHOWN = 20
/** A difference of constants is infinitely many deviations; a picture needs an end. */
const LARGEST = 100

interface Domains {
  readonly source: Matrix
  readonly target: Matrix
}

/** How far apart the domains are, before and after, and which features tell them apart. */
export type ShiftReport = Pick<RunReport, 'shift' | 'featureShifts' | 'embeddingShifts'>

/** Measures the shift that each method leaves; what was before is the same for all of them and measured once. */
export function shiftMeter(
  data: TransferData,
  runtime: Runtime,
  seed: number,
): (before: Domains, after: Domains) => Promise<ShiftReport> {
  const random = seededRandom(seed).fork('report')
  let first: Promise<{ mmd: number; proxyADistance: number; features: ShiftReport['featureShifts'] }> | undefined
  return async (before, after) => {
    first ??= Promise.all([distances(before, { runtime, random }), rawShifts(data, random)]).then(
      ([distance, features]) => ({ ...distance, features }),
    )
    const start = await first
    const same = after.source === before.source && after.target === before.target
    const end = same ? start : await distances(after, { runtime, random })
    return {
      shift: {
        mmdBefore: start.mmd,
        mmdAfter: end.mmd,
        proxyADistanceBefore: start.proxyADistance,
        proxyADistanceAfter: end.proxyADistance,
      },
      featureShifts: start.features,
      embeddingShifts: differences(leading(after), random),
    }
  }
}

/** Telling domains apart takes two rows of each; with fewer there is nothing to tell, and the A-distance is 0. */
async function distances({ source, target }: Domains, context: { readonly runtime: Runtime; readonly random: Random }) {
  const separable = source.rows > 1 && target.rows > 1
  return {
    mmd: await mmd(source, target, context),
    proxyADistance: separable ? await proxyADistance(source, target, context) : 0,
  }
}

/** Raw features, largest shift first: prepared ones would hide what preparation took away. */
function rawShifts({ sources, target, columns }: TransferData, random: Random): ShiftReport['featureShifts'] {
  const shifts = differences({ source: pooled(sources), target: target.features }, random)
  const order = [...shifts.keys()].sort((a, b) => shifts[b] - shifts[a] || a - b)
  return order.slice(0, SHOWN).map((j) => ({ name: columns?.[j] ?? `feature ${j + 1}`, before: shifts[j] }))
}

const pooled = (sources: readonly LabelledDomain[]): Matrix =>
  sources.length === 1 ? sources[0].features : stackRows(sources.map((source) => source.features))

/** The first dimensions of both domains. */
const leading = ({ source, target }: Domains): Domains => ({
  source: takeColumns(source, 0, Math.min(SHOWN, source.columns)),
  target: takeColumns(target, 0, Math.min(SHOWN, target.columns)),
})

/** Differences of means alone: the sample for the distribution functions is kept to one row. */
const differences = ({ source, target }: Domains, random: Random): number[] =>
  featureShifts(source, target, random, { rows: 1 }).map(({ standardisedMeanDifference }) =>
    Math.min(LARGEST, standardisedMeanDifference),
  )
