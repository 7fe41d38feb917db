import { type AdaptResult, type Matrix, UNLABELLED } from 'graft-learn'
import { projectPair, scatterPoints } from '../report/project.ts'
import type { RunReport, ScatterPoint } from '../report/report-data.ts'
import { numbersOf, scoreOf } from './score.ts'
import { scoresByClass } from './scores-by-class.ts'
import type { ShiftReport } from './shift-meter.ts'
import type { TransferData } from './transfer-data.ts'
import { valueGroups } from './value-groups.ts'

/** What a report says of a method, but for the time that it took. */
export type Assessment = Omit<RunReport, 'seconds'>

/** Puts together what a transfer did, and scores its predictions where the target's labels are known. */
export function assess(result: AdaptResult, data: TransferData, shift: ShiftReport): Assessment {
  const { method, options, facts, predicted, probabilities, before, after } = result
  const numbers = numbersOf(data, result)
  const truth = data.task.kind === 'regression' ? null : data.truth
  return {
    method: { id: method.id, name: method.name, summary: method.summary, paper: method.paper },
    options,
    facts,
    ...(result.training && { training: result.training }),
    score: scoreOf(data, result),
    ...scoresByClass(truth, predicted, probabilities, result.classes),
    ...(numbers === undefined ? {} : { numbers }),
    ...(result.sourceWeights === undefined ? {} : { sourceWeights: [...result.sourceWeights] }),
    predictedCounts: counts(predicted, result.classes.length),
    ...shift,
    scatter: { before: scatter(before, data), after: scatter(after, data) },
  }
}

function counts(predicted: Int32Array, classes: number): number[] {
  const result = new Array<number>(classes).fill(0)
  for (const label of predicted) result[label] = result[label]! + 1
  return result
}

/** Both domains in the plane; a target row is coloured by its true class or number where that is known. */
function scatter({ source, target }: { source: Matrix; target: Matrix }, data: TransferData): ScatterPoint[] {
  const { kind } = data.task
  const pair = projectPair(source, target)
  if (kind === 'regression') {
    const values = sourceValues(data)
    const groups = valueGroups(values)
    return scatterPoints(
      pair,
      (row) => groups.of(values[row]!),
      (row) => groups.of(data.trueValues?.[row] ?? Number.NaN),
      sourceOf(data),
    )
  }
  const groups = groupsOf(data)
  const labels = data.sources.length === 1 ? data.sources[0]!.labels : data.sources.flatMap((s) => [...s.labels])
  return scatterPoints(
    pair,
    (row) => groups[labels[row]!] ?? null,
    (row) => (data.truth === null ? null : (groups[data.truth[row]!] ?? null)),
    sourceOf(data),
  )
}

/** Which of several sources a pooled row is of; undefined where there is one. */
function sourceOf({ sources }: TransferData): ((row: number) => number) | undefined {
  if (sources.length === 1) return undefined
  const owners = Int32Array.from(sources.flatMap(({ features }, i) => new Array<number>(features.rows).fill(i)))
  return (row) => owners[row]!
}

/** What rows are called whose class no row to learn from has. */
const STRANGERS = 'another class'

/**
 * What a report's points are coloured by: ranges of the source's numbers, or the classes, and after them one group for
 * target rows of other classes where there are any.
 */
export function groupsOf({ task, truth, sources }: TransferData): readonly string[] {
  if (task.kind === 'regression') return valueGroups(sourceValues({ sources })).names
  const { classes } = task
  if (truth?.includes(classes.length) !== true) return classes
  return [...classes, classes.includes(STRANGERS) ? `${STRANGERS} (none of the source)` : STRANGERS]
}

const sourceValues = ({ sources }: Pick<TransferData, 'sources'>): Float64Array =>
  Float64Array.from(
    sources.flatMap(({ labels, values }) =>
      Array.from(labels, (label, i) => (label === UNLABELLED ? Number.NaN : values![i]!)),
    ),
  )
