import {
  InvalidInputError,
  nodeRuntime,
  type RegressionScores,
  regressionScores,
  UNLABELLED,
  version,
} from 'graft-learn'
import { countLabelled, encodeLabels } from '../adapt/label-space.ts'
import { accuracyOf } from '../adapt/score.ts'
import { type ScoresByClass, scoresByClass } from '../adapt/scores-by-class.ts'
import { valuesOf } from '../adapt/values.ts'
import { type PreprocessingOptions, readImageFolder } from '../images/index.ts'
import { readTable, type Table } from '../tables/index.ts'
import { classesIn, predictImages, takesImages } from './image-model.ts'
import { type ModelFile, readModelFile } from './model-file.ts'
import { type ClassPredictions, featuresFor, predict } from './predict.ts'
import { readOptions } from './read-options.ts'
import { savedModel } from './saved-model.ts'

/** What is asked of `graft evaluate`; preprocessing is for models that take images. */
export interface EvaluateCall extends PreprocessingOptions {
  readonly model: string
  readonly input: string
  readonly label?: string
  readonly drop?: readonly string[]
  readonly threads?: number
}

/** How well classes were predicted, in 0 … 1. */
export interface ClassScores {
  readonly metric: 'accuracy'
  readonly accuracy: number
  readonly balancedAccuracy: number | null
  readonly macroF1: number | null
  readonly calibrationError: number | null
}

/** How well numbers were predicted: R², and errors in the labels' own units. */
export interface NumberScores extends RegressionScores {
  readonly metric: 'r2'
}

/** What `graft evaluate --json` prints. */
export interface Evaluation {
  readonly command: 'evaluate'
  readonly version: string
  readonly model: string
  readonly input: { readonly file: string; readonly rows: number; readonly labelled: number }
  readonly classes: readonly string[]
  readonly scores: ClassScores | NumberScores
  readonly perClass: ScoresByClass['perClass']
  /** Counts: rows are the truth, columns the prediction. */
  readonly confusion: ScoresByClass['confusion']
}

/** Where evaluating says how it goes. */
export interface EvaluateHooks {
  readonly warn: (text: string) => void
  readonly progress: (label: string, done: number, total: number) => void
}

/** Scores a saved model on the labelled rows of a file, or a folder of images by class. Throws `InvalidInputError` where no row has a label. */
export async function runEvaluate(call: EvaluateCall, hooks: EvaluateHooks): Promise<Evaluation> {
  const file = await readModelFile(call.model)
  if (takesImages(file.model)) return evaluateImages(call, file, hooks)
  const model = savedModel(file)
  const table = await readTable(call.input, { ...readOptions(call, model), labelRequired: true })
  const labels = labelsOf(table)
  const features = featuresFor(model, table)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const said = await predict(runtime, model, features, (done, total) => hooks.progress('evaluate', done, total))
  await runtime.release()
  if ('values' in said) {
    const { values } = valuesOf(table)
    const labelled = values.filter((value) => !Number.isNaN(value)).length
    return {
      ...aboutModel(model),
      input: { file: table.file, rows: features.rows, labelled },
      classes: [],
      scores: { metric: 'r2', ...regressionScores(said.values, values) },
      perClass: null,
      confusion: null,
    }
  }
  return classEvaluation(model, table.file, labels, said, hooks)
}

const aboutModel = ({ file }: { readonly file: string }) => ({ command: 'evaluate', version, model: file }) as const

async function evaluateImages(call: EvaluateCall, file: ModelFile, hooks: EvaluateHooks): Promise<Evaluation> {
  const known = classesIn(file)
  const folder = await readImageFolder(call.input, { ...hooks, ...(known && { classes: known }) })
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const progress = (done: number, total: number) => hooks.progress('evaluate', done, total)
  const { said, images } = await predictImages(runtime, file, folder, call, { ...hooks, progress })
  await runtime.release()
  const labels = Array.from(images.labels, (label) => images.classes[label]!)
  return classEvaluation(file, call.input, labels, said, hooks)
}

function classEvaluation(
  model: { readonly file: string },
  input: string,
  labels: readonly (string | null)[],
  { classes, predicted, probabilities }: ClassPredictions,
  hooks: EvaluateHooks,
): Evaluation {
  const truth = encodeLabels(labels, classes, classes.length)
  const strangers = truth.filter((label) => label === classes.length).length
  if (strangers > 0) hooks.warn(`${input}: ${strangers} rows are of no class of the model: they count as wrong`)
  const { perClass, confusion, ...byClass } = scoresByClass(truth, predicted, probabilities, classes)
  return {
    ...aboutModel(model),
    input: { file: input, rows: labels.length, labelled: truth.filter((label) => label !== UNLABELLED).length },
    classes,
    scores: { metric: 'accuracy', accuracy: accuracyOf(truth, predicted), ...byClass },
    perClass,
    confusion,
  }
}

function labelsOf({ file, labels }: Table): readonly (string | null)[] {
  if (labels !== null && countLabelled(labels) > 0) return labels
  throw new InvalidInputError('no row has a label to score with: name the label column with --label', { file })
}
