import { type AdaptResult, type Matrix, UNLABELLED } from 'graft-learn'
import { projectPair, scatterPoints } from '../report/project.ts'
import type { RunReport, ScatterPoint } from '../report/report-data.ts'
import { scoresByClass } from './scores-by-class.ts'
import type { ShiftReport } from './shift-meter.ts'
import type { TransferData } from './transfer-data.ts'

/** What a report says of a method, but for the time that it took. */
export type Assessment = Omit<RunReport, 'seconds'>

/** Puts together what a transfer did, and scores its predictions where the target's labels are known. */
export function assess(result: AdaptResult, data: TransferData, shift: ShiftReport): Assessment {
  const { method, options, facts, predicted, probabilities, before, after } = result
  const { truth, task } = data
  return {
    method: { id: method.id, name: method.name, summary: method.summary, paper: method.paper },
    options,
    facts,
    score: truth === null ? null : scoreOf(truth, predicted),
    ...scoresByClass(truth, predicted, probabilities, task.classes),
    predictedCounts: counts(predicted, task.classes.length),
    ...shift,
    scatter: { before: scatter(before, data), after: scatter(after, data) },
  }
}

/** Share of the labelled rows that were predicted right; a row of a class that the task does not have is wrong. */
export function scoreOf(truth: Int32Array, predicted: Int32Array): number {
  let labelled = 0
  let right = 0
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === UNLABELLED) continue
    labelled++
    if (truth[i] === predicted[i]) right++
  }
  return right / labelled
}

function counts(predicted: Int32Array, classes: number): number[] {
  const result = new Array<number>(classes).fill(0)
  for (const label of predicted) result[label] = result[label]! + 1
  return result
}

/** Both domains in the plane; a target row is coloured by its true class where that is known. */
function scatter({ source, target }: { source: Matrix; target: Matrix }, data: TransferData): ScatterPoint[] {
  const { classes } = data.task
  const labels = data.sources.length === 1 ? data.sources[0]!.labels : data.sources.flatMap((s) => [...s.labels])
  return scatterPoints(
    projectPair(source, target),
    (row) => classes[labels[row]!] ?? null,
    (row) => (data.truth === null ? null : (classes[data.truth[row]!] ?? null)),
  )
}
