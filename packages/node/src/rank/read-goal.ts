import { InvalidInputError, type Matrix, matrix, takeRows, toDense } from 'graft-learn'
import { classesOf, encodeLabels } from '../adapt/label-space.ts'
import { valuesOf } from '../adapt/values.ts'
import { type ImageFolder, imageLayout, readImageFolder } from '../images/index.ts'
import { columnOptions, readTable, toSinglePrecision } from '../tables/index.ts'
import { imageOptionOf } from './per-model.ts'
import type { RankCall, RankHooks } from './rank-call.ts'

/** What is to be predicted of the rows. */
export type Goal =
  | {
      readonly task: 'classification'
      readonly rows: number
      readonly labels: Int32Array
      readonly classes: readonly string[]
    }
  | { readonly task: 'regression'; readonly rows: number; readonly values: Matrix; readonly classes: readonly [] }

/** The data set that models are ranked for. */
export type RankingData =
  | { readonly kind: 'images'; readonly file: string; readonly images: ImageFolder }
  | { readonly kind: 'table'; readonly file: string; readonly features: Matrix; readonly goal: Goal }

/** Reads a folder of images by class, or the labelled rows of a table. Throws `InvalidInputError`. */
export async function readRankingData(call: RankCall, hooks: RankHooks): Promise<RankingData> {
  const file = call.train
  if ((await imageLayout(file)) !== null) {
    if (call.task === 'regression') {
      throw new InvalidInputError('--task regression needs numbers to predict, and a folder of images has classes', {
        file,
      })
    }
    return { kind: 'images', file, images: await readImageFolder(file, hooks) }
  }
  const option = imageOptionOf(call)
  const table = await readTable(file, { ...columnOptions(call), labelRequired: true })
  if (option !== undefined) {
    throw new InvalidInputError(`--${option} says how images are prepared, and this is a table: leave it out`, { file })
  }
  const labels = table.labels ?? []
  const labelled = Array.from(labels.keys()).filter((i) => labels[i] !== null)
  if (labelled.length === 0) {
    throw new InvalidInputError('no row has a label to rank with: name the label column with --label', { file })
  }
  const rest = labels.length - labelled.length
  if (rest > 0) hooks.warn(`${file}: ${rest} ${rest === 1 ? 'row has' : 'rows have'} no label, and so no part in this`)
  const features = takeRows(toDense(toSinglePrecision(table).features), labelled)
  const rows = labelled.length
  if (call.task === 'regression') {
    const { values } = valuesOf(table)
    const known = Float64Array.from(labelled, (i) => values[i]!)
    return {
      kind: 'table',
      file,
      features,
      goal: { task: 'regression', rows, values: matrix(rows, 1, known), classes: [] },
    }
  }
  const classes = classesOf(labels)
  if (classes.length < 2) {
    throw new InvalidInputError(`all its labels are "${classes[0]}": ranking needs two classes or more`, { file })
  }
  const indices = encodeLabels(labels, classes)
  const goal = { task: 'classification', rows, classes, labels: Int32Array.from(labelled, (i) => indices[i]!) } as const
  return { kind: 'table', file, features, goal }
}
