import { dirname, join } from 'node:path'
import { type Matrix, nodeRuntime, type Runtime, rowOf, version } from 'graft-learn'
import type { Hooks } from '../adapt/call.ts'
import { checkOutputFolder, ensureOutputFolder } from '../files/index.ts'
import { type PreprocessingOptions, readImages } from '../images/index.ts'
import { predictionLines, readTable, writePredictions } from '../tables/index.ts'
import { predictImages, takesImages } from './image-model.ts'
import { type ModelFile, readModelFile } from './model-file.ts'
import { type ClassPredictions, featuresFor, predict } from './predict.ts'
import { readOptions } from './read-options.ts'
import { savedModel } from './saved-model.ts'

/** What is asked of `graft predict`; preprocessing is for models that take images. */
export interface PredictCall extends PreprocessingOptions {
  readonly model: string
  /** A data file, a folder of images, or one image. */
  readonly input: string
  /** The CSV to write. */
  readonly output?: string
  /** A folder for `predictions.csv`, where no output is named. */
  readonly out?: string
  readonly label?: string
  readonly drop?: readonly string[]
  readonly threads?: number
}

/** What came of it. */
export interface PredictResult {
  readonly command: 'predict'
  readonly version: string
  readonly model: string
  readonly input: string
  readonly rows: number
  /** Files of an image folder that were left out. */
  readonly skipped?: number
  /** None in regression. */
  readonly classes: readonly string[]
  /** Rows by predicted class. */
  readonly counts: Readonly<Record<string, number>>
  readonly output: string | null
  /** In regression, the predicted numbers, where no file was asked for. */
  readonly values?: readonly number[]
  /** Class by row, and its probabilities in the order of `classes`: where no file was asked for. */
  readonly predictions?: readonly string[]
  /** Names of images, by row. */
  readonly files?: readonly string[]
  readonly probabilities?: readonly (readonly number[])[]
}

const classTable = ({ classes, predicted, probabilities }: ClassPredictions) => ({
  predictions: Array.from(predicted, (index) => classes[index]!),
  probabilities,
  classes,
})

type Said = Parameters<typeof writePredictions>[1]

/** The classes, and how many rows were given to each. */
function summary(table: Said): Pick<PredictResult, 'classes' | 'counts'> {
  if ('values' in table) return { classes: [], counts: {} }
  const counts = Object.fromEntries(table.classes.map((name) => [name, 0]))
  for (const name of table.predictions) counts[name] = counts[name]! + 1
  return { classes: table.classes, counts }
}

const rowByRow = (table: Said): Pick<PredictResult, 'values' | 'predictions' | 'probabilities' | 'files'> =>
  'values' in table
    ? { values: [...table.values] }
    : {
        predictions: table.predictions,
        probabilities: rowsOf(table.probabilities),
        ...(table.files === undefined ? {} : { files: table.files }),
      }

const rowsOf = (m: Matrix): number[][] => Array.from({ length: m.rows }, (_, i) => [...rowOf(m, i)])

async function writeTo(output: string, table: Said): Promise<void> {
  await ensureOutputFolder(dirname(output))
  await writePredictions(output, table)
}

/** Where predicting says how it goes. */
export type PredictHooks = Pick<Hooks, 'progress' | 'whole'> & Partial<Pick<Hooks, 'warn'>>

/**
 * Predicts the rows of a file with a saved model, or the images of a folder with one that takes images. Writes a CSV where
 * one is asked for, and gives its lines. Throws `InvalidInputError` where the model or the file is wrong or they do not fit.
 */
export async function runPredict(
  call: PredictCall,
  hooks: PredictHooks,
): Promise<{ readonly result: PredictResult; readonly lines: () => Iterable<string> }> {
  const model = await readModelFile(call.model)
  const output = call.output ?? (call.out === undefined ? null : join(call.out, 'predictions.csv'))
  const work = takesImages(model.model) ? await imageWork(model, call, hooks) : await tableWork(model, call, hooks)
  if (output !== null) await checkOutputFolder(dirname(output))
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const { rows, table, skipped } = await work(runtime)
  await runtime.release()
  if (output !== null) await hooks.whole(() => writeTo(output, table))
  return {
    result: {
      command: 'predict',
      version,
      model: model.file,
      input: call.input,
      rows,
      ...(skipped === undefined ? {} : { skipped }),
      ...summary(table),
      output,
      ...(output === null ? rowByRow(table) : {}),
    },
    lines: () => predictionLines(table),
  }
}

/** What predicting a call's input comes to. */
type Work = (runtime: Runtime) => Promise<{ readonly rows: number; readonly table: Said; readonly skipped?: number }>

async function tableWork(file: ModelFile, call: PredictCall, { progress }: PredictHooks): Promise<Work> {
  const model = savedModel(file)
  const features = featuresFor(model, await readTable(call.input, readOptions(call, model)))
  return async (runtime) => {
    const said = await predict(runtime, model, features, (done, total) => progress('predict', done, total))
    return { rows: features.rows, table: 'values' in said ? said : classTable(said) }
  }
}

async function imageWork(file: ModelFile, call: PredictCall, hooks: PredictHooks): Promise<Work> {
  const list = await readImages(call.input, hooks)
  return async (runtime) => {
    const progress = (done: number, total: number) => hooks.progress('predict', done, total)
    const { said, images, skipped } = await predictImages(runtime, file, list, call, { ...hooks, progress })
    const table = { ...classTable(said), files: images.files }
    return { rows: images.files.length, table, skipped: skipped.length + list.skipped.length }
  }
}
