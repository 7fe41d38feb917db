import {
  InvalidInputError,
  isSparse,
  type LabelledDomain,
  type Matrix,
  type NetworkChoice,
  type RowPairs,
  type TargetDomain,
  type Task,
  UNLABELLED,
} from 'graft-learn'
import type { Table } from '../tables/index.ts'
import { alignColumns, commonWidth } from './align-columns.ts'
import type { Backbone } from './backbone.ts'
import { classesOf, countLabelled, encodeLabels, type Labels } from './label-space.ts'
import { valuesOf } from './values.ts'

/** A data file as it was read: the part of it that results repeat. */
export interface FileSummary {
  readonly file: string
  readonly rows: number
  readonly features: number
  /** Rows that carry a label. */
  readonly labelled: number
}

/** All that a transfer works on, checked, and in the same columns unless the feature spaces differ. */
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
  /** In regression, the target's own numbers, NaN where one is not known; null where none is. */
  readonly trueValues: Float64Array | null
  /** Rows that are known in both domains. */
  readonly pairs?: RowPairs
  /** Whether source and target have columns of their own. */
  readonly differentFeatures: boolean
  /** Names of the target's columns, in the order that its features have; null where the file names none. */
  readonly columns: readonly string[] | null
  /** Names of the target's rows, such as files of images; absent where they have none. */
  readonly names?: readonly string[]
  /** The network that made the target's rows out of images; absent where they were given as rows. */
  readonly backbone?: Backbone
  /** What methods that train a network begin with; absent where the call names nothing. */
  readonly network?: NetworkChoice
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

/** What decides how tables are put together. */
export interface TransferChoices {
  readonly task: Task['kind']
  /** Whether all methods of the call can work with columns that differ between source and target. */
  readonly mayDiffer: boolean
  /** What an error about columns that differ says besides. */
  readonly columnsHint?: string
}

/**
 * Puts tables into the same columns and the same label space. Where feature spaces may differ and the columns do, each
 * side keeps its own. Throws `InvalidInputError` where columns differ otherwise, where no source row has a label, or where
 * there is one class only; `warn` is told of target labels that no class matches.
 */
export function transferData(
  tables: TransferTables,
  warn: (text: string) => void,
  choices: TransferChoices = { task: 'classification', mayDiffer: false },
): TransferData {
  const { sources, target, labelledTarget } = tables
  const targets = [target, ...(labelledTarget === undefined ? [] : [labelledTarget])]
  const differentFeatures = choices.mayDiffer && !sameColumns(sources[0]!, target)
  const sourceSide = differentFeatures ? sources : [...sources, ...targets]
  const targetSide = differentFeatures ? targets : sourceSide
  const inSource = aligner(sourceSide, differentFeatures ? '' : choices.columnsHint)
  const inTarget = aligner(targetSide, differentFeatures ? '' : choices.columnsHint)
  const space = labelSpace(tables, choices.task)
  const numbers = choices.task === 'regression' && countLabelled(target.labels) > 0
  const trueValues = numbers ? valuesOf(target).values : null
  const reference = targetSide[0]!
  return {
    task: space.task,
    sources: sources.map((table) => ({ name: table.file, features: inSource(table), ...space.labelled(table) })),
    target: { name: target.file, features: inTarget(target) },
    ...(labelledTarget === undefined
      ? {}
      : {
          labelledTarget: {
            name: labelledTarget.file,
            features: inTarget(labelledTarget),
            ...space.labelled(labelledTarget),
          },
        }),
    truth:
      choices.task === 'regression'
        ? numbers
          ? valuesOf(target).labels
          : null
        : truthOf(target, space.task.classes, warn),
    trueValues,
    differentFeatures,
    columns: reference.named ? reference.columns : null,
    ...(reference.firstIndex === undefined ? {} : { firstIndex: reference.firstIndex }),
    ...(target.names === undefined ? {} : { names: target.names }),
    files: {
      sources: sources.map((table) => summaryOf(table, commonWidth(sourceSide))),
      target: summaryOf(target, commonWidth(targetSide)),
      ...(labelledTarget === undefined ? {} : { labelledTarget: summaryOf(labelledTarget, commonWidth(targetSide)) }),
    },
  }
}

/** Brings tables to the columns of the first of them. */
function aligner(tables: readonly Table[], hint = ''): (table: Table) => Matrix {
  const width = commonWidth(tables)
  return (table) => alignColumns(table, tables[0]!, width, hint)
}

/** Whether two tables have the same columns: by name in any order, or, where one names none, as many. */
function sameColumns(a: Table, b: Table): boolean {
  if (isSparse(a.features) || isSparse(b.features)) return true
  if (a.features.columns !== b.features.columns) return false
  if (!a.named || !b.named) return true
  const names = new Set(a.columns)
  return b.columns.every((name) => names.has(name))
}

/** The task, and how the labels of a file to learn from are read in it. */
function labelSpace(
  { sources, labelledTarget }: TransferTables,
  kind: Task['kind'],
): { readonly task: Task; readonly labelled: (table: Table) => Pick<LabelledDomain, 'labels' | 'values'> } {
  const lists = [...sources.map(labelsOf), labelledTarget === undefined ? null : labelsOf(labelledTarget)]
  if (kind === 'regression') return { task: { kind, classes: [] }, labelled: valuesOf }
  const classes = classesOf(...lists)
  checkClasses(classes, sources)
  return { task: { kind, classes }, labelled: (table) => ({ labels: encodeLabels(labelsOf(table), classes) }) }
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
      `${file}: ${rows} of ${countLabelled(labels)} labelled rows are of no class of the source (${names}): they count as wrong unless a method predicts them as unknown`,
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
