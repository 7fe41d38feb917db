import { composeStages, type Model, type Stage, stageModel } from '../onnx/index.ts'
import { type Matrix, matrix, matrixTensor, sliceRows, tensorMatrix } from '../tensor/index.ts'
import type { Runtime } from './runtime.ts'

/** Rows go through in blocks of this many, so that an `N × n` distance matrix never stands in memory whole. */
const BLOCK_ROWS = 4096

/** The graphs of the stages each runtime has run, by kind. */
const modelsOf = new WeakMap<Runtime, Map<string, Model>>()

/** Applies stages, first to last, to the rows of `x` (`N × d`); returns `N × k` in the same order. */
export async function applyStages(runtime: Runtime, stages: readonly Stage[], x: Matrix): Promise<Matrix> {
  const stage = composeStages(stages)
  if (stage.kind === 'identity') return x
  const models = modelsOf.get(runtime) ?? new Map<string, Model>()
  modelsOf.set(runtime, models)
  const model = models.get(stage.kind) ?? stageModel(stage)
  models.set(stage.kind, model)
  const run = async (block: Matrix): Promise<Matrix> => {
    const outputs = await runtime.run(model, { x: matrixTensor(block), ...stage.parameters })
    return tensorMatrix(outputs.y!)
  }
  if (x.rows <= BLOCK_ROWS) return run(x)
  let result: Matrix | undefined
  for (let from = 0; from < x.rows; from += BLOCK_ROWS) {
    const part = await run(sliceRows(x, from, Math.min(from + BLOCK_ROWS, x.rows)))
    result ??= matrix(x.rows, part.columns)
    result.data.set(part.data, from * part.columns)
  }
  return result!
}
