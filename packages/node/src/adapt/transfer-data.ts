import { InvalidInputError, type LabelledDomain, type TargetDomain, type Task, UNLABELLED } from 'graft-learn'
import type { Table } from '../tables/index.ts'
import { alignColumns, commonWidth } from './align-columns.ts'
import { classesOf, countLabelled, encodeLabels, type Labels } from './label-space.ts'

/** A data file as it was read: the part of it that results repeat. */
export interface FileSummary {
  readonly file: string
  readonly rows: number
  readonly features: number
  /** Rows that carry a label. */
  readonly labelled: number
}

/** All that a transfer works on, checked and in the same columns. */
export interface TransferData {
  readonly task: Task
  readonly sources: readonly LabelledDomain[]
  readonly target: TargetDomain
  readonly labelledTarget?: LabelledDomain
  /**
   * What the target's own labels say, to score with: a class index, `classes.length` where the label is no class of
   * the task, `UNLABELLED` where there is none; null where no row has a label. No method sees it.
   */
  readonly truth: Int32Array | null
  /** Names of the columns, null where the source's file names none. */
  readonly columns: readonly string[] | null
  /** What the first feature is numbered in svmlight files. */
  readonly firstIndex?: 0 | 1
  readonly files: {
    readonly sources: readonly FileSummary[]
    readonly target: FileSummary
    readonly labelledTarget?: FileSummary
  }
}

/** The tables of one transfer. */
export interface TransferTables {
  readonly sources: readonly Table[]
  readonly target: Table
  readonly labelledTarget?: Table
}

/**
 * Puts tables into the same columns and the same label space. Throws `InvalidInputError` where columns differ, where no
 * source row has a label, or where there is one class only; `warn` is told of target labels that no class matches.
 */
export function transferData(tables: TransferTables, warn: (text: string) => void): TransferData {
  const { sources, target, labelledTarget } = tables
  const reference = sources[0]!
  const all = [...sources, target, ...(labelledTarget === undefined ? [] : [labelledTarget])]
  const width = commonWidth(all)
  const features = (table: Table) => alignColumns(table, reference, width)
  const classes = classesOf(...sources.map(labelsOf), labelledTarget === undefined ? null : labelsOf(labelledTarget))
  checkClasses(classes, sources)
  const labelled = (table: Table): LabelledDomain => ({
    name: table.file,
    features: features(table),
    labels: encodeLabels(labelsOf(table), classes),
  })
  return {
    task: { kind: 'classification', classes },
    sources: sources.map(labelled),
    target: { name: target.file, features: features(target) },
    ...(labelledTarget === undefined ? {} : { labelledTarget: labelled(labelledTarget) }),
    truth: truthOf(target, classes, warn),
    columns: reference.named ? reference.columns : null,
    ...(reference.firstIndex === undefined ? {} : { firstIndex: reference.firstIndex }),
    files: {
      sources: sources.map((table) => summaryOf(table, width)),
      target: summaryOf(target, width),
      ...(labelledTarget === undefined ? {} : { labelledTarget: summaryOf(labelledTarget, width) }),
    },
  }
}

const labelsOf = (table: Table): Labels => {
  if (table.labels !== null && countLabelled(table.labels) > 0) return table.labels
  throw new InvalidInputError(
    'no row has a label, and this file is to be learnt from: name its label column with --label, or give a labelled file',
    { file: table.file },
  )
}

function checkClasses(classes: readonly string[], sources: readonly Table[]): void {
  if (classes.length > 1) return
  throw new InvalidInputError(
    `all labels are "${classes[0]}": one class only, and there must be two or more to tell apart`,
    { file: sources.map((table) => table.file).join(', ') },
  )
}

function truthOf({ file, labels }: Table, classes: readonly string[], warn: (text: string) => void): Int32Array | null {
  if (labels === null || countLabelled(labels) === 0) return null
  const truth = encodeLabels(labels, classes, classes.length)
  const strangers = [...new Set(labels.filter((label, i) => label !== null && truth[i] === classes.length))]
  if (strangers.length > 0) {
    const rows = truth.reduce((count, label) => count + (label === classes.length ? 1 : 0), 0)
    const names = `${strangers
      .slice(0, 5)
      .map((name) => `"${name}"`)
      .join(', ')}${strangers.length > 5 ? ', …' : ''}`
    warn(
      `${file}: ${rows} of ${countLabelled(labels)} labelled rows are of no class of the source (${names}): they count as wrong`,
    )
  }
  return truth
}

const summaryOf = (table: Table, width: number): FileSummary => ({
  file: table.file,
  rows: table.features.rows,
  features: width,
  labelled: countLabelled(table.labels),
})

/** Whether a target has so few rows that its own mean and spread, which most preparations use, say nothing. */
export const isSingleRow = ({ target, labelledTarget }: TransferData): boolean =>
  target.features.rows + (labelledTarget?.features.rows ?? 0) === 1

/** Rows of the truth that a prediction is scored on. */
export const scoredRows = (truth: Int32Array): number =>
  truth.reduce((count, label) => count + (label === UNLABELLED ? 0 : 1), 0)
