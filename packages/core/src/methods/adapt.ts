import { type Classifier, findClassifier } from '../classifiers/index.ts'
import { pooledSource, type Scale, settingOf, type Task, type TransferProblem } from '../data/index.ts'
import type { Model } from '../onnx/index.ts'
import { applyStages, type Runtime } from '../runtime/index.ts'
import { parseSettings } from '../settings/index.ts'
import { type Matrix, matrix, seededRandom } from '../tensor/index.ts'
import { findMethod } from './catalogue.ts'
import { checkProblem } from './check-problem.ts'
import type { NetworkChoice } from './deep/network/deep-network.ts'
import type { DeepHistory } from './deep/trainer/deep-history.ts'
import type { DeepHooks } from './deep/trainer/train-stage.ts'
import { learner } from './learner.ts'
import type { Method } from './method.ts'
import { pipelineModel } from './pipeline-model.ts'
import { prepareProblem } from './prepare-problem.ts'
import { predictedClasses } from './rows.ts'

/** One transfer to carry out: the raw data (not prepared), how to prepare it, and by which method and classifier. */
export interface AdaptRequest extends TransferProblem {
  /** Default `zscore`. */
  readonly scale?: Scale
  /** Id of a method. */
  readonly method: string
  /** The method's settings; those left out take their defaults. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Id of a classifier; default `nearest-neighbour`, in regression `ridge`. */
  readonly classifier?: string
  readonly classifierOptions?: Readonly<Record<string, unknown>>
  /** Default 0. */
  readonly seed?: number
  /** More strings for the model's metadata, such as the names of the feature columns. */
  readonly metadata?: Readonly<Record<string, string>>
  readonly runtime: Runtime
  /** Bytes that a method of quadratic memory may take; default 4 GB. */
  readonly memoryLimit?: number
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** What deep methods train. Default: a perceptron. */
  readonly network?: NetworkChoice
  /** How the training of deep methods is watched, kept and gone on with. */
  readonly deep?: DeepHooks
}

/** Half of a small machine. */
const MEMORY_LIMIT = 4e9

/** What came of it. Rows keep their order; source rows are those of all sources, one source after the other. */
export interface AdaptResult {
  readonly method: Method
  readonly classifier: Classifier
  /** Settings with defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly classifierOptions: Readonly<Record<string, unknown>>
  /** The task's classes, and one more, the last, where the method tells rows of a class that the source lacks. */
  readonly classes: readonly string[]
  /** `n_t` indices into `classes`; empty in regression. */
  readonly predicted: Int32Array
  /** `n_t × classes`; no columns in regression. */
  readonly probabilities: Matrix
  /** In regression, `n_t` predicted numbers. */
  readonly values?: Float64Array
  /** Before the transfer: prepared features, `n × d`. */
  readonly before: { readonly source: Matrix; readonly target: Matrix }
  /** After it: the space where the classifier works, `n × k`. */
  readonly after: { readonly source: Matrix; readonly target: Matrix }
  /** The whole fitted pipeline; see `pipelineModel`. */
  readonly model: Model
  /** Weights that the method gave to the sources, where it weighs them. */
  readonly sourceWeights?: Float64Array
  /** How training went, where the method trains a network. */
  readonly training?: DeepHistory
  /** What was chosen or reached while fitting. */
  readonly facts: Readonly<Record<string, number | string>>
  readonly seconds: { readonly prepare: number; readonly fit: number; readonly predict: number }
}

/**
 * Prepares each domain by itself, fits the method and its classifier, predicts the target's rows, and builds the
 * model. Throws `InvalidInputError` for an unknown method, classifier or setting, or data that cannot be worked with.
 */
export async function adapt(request: AdaptRequest): Promise<AdaptResult> {
  const method = findMethod(request.method)
  const classifier = findClassifier(request.classifier ?? defaultClassifier(request.task))
  const options = parseSettings(`method "${method.id}"`, method.options, request.options ?? {})
  const classifierOptions = parseSettings(
    `classifier "${classifier.id}"`,
    classifier.options,
    request.classifierOptions ?? {},
  )
  checkProblem(request, method)
  const { runtime, task, scale = 'zscore', seed = 0 } = request
  const random = seededRandom(seed)

  const [prepare, { problem, preparation }] = await timed(() => prepareProblem(request, scale, runtime))
  const [fit, transfer] = await timed(() =>
    method.fit(problem, options, {
      runtime,
      random: random.fork('method'),
      progress: request.progress ?? (() => {}),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      classify: learner(task, classifier, classifierOptions, { runtime, random: random.fork('classifier') }),
      usesWeights: classifier.usesWeights(classifierOptions),
      memoryLimit: request.memoryLimit ?? MEMORY_LIMIT,
      ...(request.network && { network: request.network }),
      ...(request.deep && { deep: request.deep }),
    }),
  )
  const [predict, output] = await timed(() => applyStages(runtime, [transfer.classifier], transfer.target))
  const numbers = task.kind === 'regression'
  const classes = transfer.unknown ? [...task.classes, unknownName(task.classes)] : task.classes
  const source = problem.sources.length === 1 ? problem.sources[0]!.features : undefined
  return {
    method,
    classifier,
    options,
    classifierOptions,
    classes,
    predicted: numbers ? new Int32Array() : predictedClasses(output),
    probabilities: numbers ? matrix(output.rows, 0) : output,
    ...(numbers ? { values: output.data } : {}),
    before: { source: source ?? pooledSource(problem).features, target: problem.target.features },
    after: { source: transfer.source, target: transfer.target },
    model: pipelineModel({
      preparation,
      embed: transfer.embed,
      classifier: transfer.classifier,
      features: request.target.features.columns,
      classes,
      metadata: {
        task: task.kind,
        method: method.id,
        options: JSON.stringify(options),
        classifier: classifier.id,
        classifierOptions: JSON.stringify(classifierOptions),
        scale,
        seed: `${seed}`,
        setting: settingOf(request),
        ...request.metadata,
      },
    }),
    ...(transfer.sourceWeights === undefined ? {} : { sourceWeights: transfer.sourceWeights }),
    ...(transfer.training && { training: transfer.training }),
    facts: transfer.facts ?? {},
    seconds: { prepare, fit, predict },
  }
}

/** Runs `work` and gives its seconds beside its result. */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now()
  const result = await work()
  return [(performance.now() - start) / 1000, result]
}

/** What learns where the caller names nothing. */
export const defaultClassifier = ({ kind }: Pick<Task, 'kind'>): string =>
  kind === 'regression' ? 'ridge' : 'nearest-neighbour'

/** What rows of none of the classes are called: "unknown", or with underscores where a class has that name. */
function unknownName(classes: readonly string[]): string {
  let name = 'unknown'
  while (classes.includes(name)) name = `_${name}`
  return name
}
