import type { Stage } from '../onnx/index.ts'
import { applyStages, type Runtime } from '../runtime/index.ts'
import { type Matrix, seededRandom } from '../tensor/index.ts'

/** Rows of a domain, with their labels. */
export interface TestDomain {
  readonly name: string
  /** `n × d`. */
  readonly features: Matrix
  /** `n` class indices; of the target, to be scored by. */
  readonly labels: Int32Array
}

/** What fitting gives. */
interface Fitted {
  readonly target: Matrix
  readonly classifier: Stage
}

/** A method that brings its own classifier. */
interface FittedMethod<Result extends Fitted> {
  readonly options: { parse(given: unknown): object }
  fit(problem: object, options: object, context: object): Promise<Result>
}

export interface FitRequest {
  readonly runtime: Runtime
  readonly source: TestDomain
  readonly target: TestDomain
  readonly classes: number
  /** Settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly seed?: number
  /** What else the method is told. */
  readonly context?: object
}

/** Fits a method by itself, without preparation of rows; gives what it made and its share of right target rows. */
export async function fitMethod<Result extends Fitted>(
  method: FittedMethod<Result>,
  { runtime, source, target, classes, settings, seed = 0, context = {} }: FitRequest,
): Promise<Result & { readonly accuracy: number }> {
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`)
  const { labels, ...rows } = target
  const result = await method.fit(
    { task: { kind: 'classification', classes: names }, sources: [source], target: rows },
    method.options.parse(settings),
    { runtime, random: seededRandom(seed), progress: () => {}, usesWeights: false, memoryLimit: 1e9, ...context },
  )
  const { rows: count, columns, data } = await applyStages(runtime, [result.classifier], result.target)
  let right = 0
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns)
    if (row.indexOf(Math.max(...row)) === labels[i]) right++
  }
  return { ...result, accuracy: right / count }
}
