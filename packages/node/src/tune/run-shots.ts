import { join } from 'node:path'
import {
  embeddingPart,
  identityStage,
  type Matrix,
  matrix,
  pipelineModel,
  type Runtime,
  type Tensor,
  type TuningRows,
  version,
  writeModel,
} from 'graft-learn'
import { learnFewShot } from '../few-shot/index.ts'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { PREPROCESSING_KEY, preprocessingText } from '../images/index.ts'
import { joinModels } from '../saved-model/join-models.ts'
import { writePredictions } from '../tables/index.ts'
import type { TuneCall, TuneWatch } from './call.ts'
import { type OpenedCall, openCall } from './open-call.ts'
import { summaryOf } from './outcome-of.ts'
import { type ScoredShots, scoreShots } from './score-shots.ts'
import { renderShotsReport } from './shots-report.ts'
import type { ShotsOutcome } from './shots-result.ts'
import { stopwatch } from './stopwatch.ts'

/**
 * Carries out a call of `graft tune --shots K`: a classifier on the features of the network as it is, from K rows of each
 * class, chosen by how it does over many episodes. Throws `InvalidInputError` where the call or its input is wrong.
 */
export async function runShots(
  call: TuneCall & { readonly shots: number },
  watch: TuneWatch,
): Promise<{ readonly outcome: ShotsOutcome; readonly lines: readonly string[] }> {
  const clock = stopwatch()
  const opened = await openCall(call, false, watch)
  const { runtime, described, sources, out, file } = opened
  const base = await embeddingPart(runtime, described)
  const features = await featuresOf(runtime, base, sources.training.rows)
  const read = clock()
  const learnt = await learnFewShot(
    {
      features,
      labels: sources.training.rows.labels,
      classes: sources.classes,
      shots: call.shots,
      seed: call.seed ?? 0,
      runtime,
      signal: watch.signal,
      progress: (done, total) => watch.progress('episodes', done, total),
    },
    sources.training.kind === 'images' ? 'images' : 'rows',
  )
  const fitted = clock()
  const test =
    sources.test &&
    (await scoreShots(
      runtime,
      learnt.stage,
      await featuresOf(runtime, base, sources.test.rows),
      sources.test.rows.labels,
    ))
  const model = joinModels(
    base,
    pipelineModel({
      preparation: identityStage,
      embed: identityStage,
      classifier: learnt.stage,
      features: features.columns,
      classes: sources.classes,
      metadata: { method: `few-shot/${learnt.summary.chosen.name}`, options: JSON.stringify({ shots: call.shots }) },
    }),
    sources.preprocessing === null ? {} : { [PREPROCESSING_KEY]: preprocessingText(sources.preprocessing) },
  )
  const best = learnt.summary.classifiers.find(({ name }) => name === learnt.summary.chosen.name)
  const outcome: Omit<ShotsOutcome, 'seconds' | 'files'> = {
    command: 'tune',
    version,
    model: file.file,
    strategy: 'few-shot',
    reuse: described.blocks.length,
    blocks: described.blocks.length,
    shots: call.shots,
    seed: call.seed ?? 0,
    train: summaryOf(sources.training),
    test: sources.test === undefined ? null : summaryOf(sources.test),
    classes: sources.classes,
    trainable: { parameters: 0, tensors: 0 },
    epochs: [],
    scores: { metric: 'accuracy', validation: best?.accuracy ?? null, test: test?.accuracy ?? null },
    fewShot: learnt.summary,
  }
  const files = await watch.whole(async () => {
    await ensureOutputFolder(out)
    const written = await writeShots(opened, writeModel(model), test)
    const report = join(out, 'report.html')
    await writeAtomically(report, await renderShotsReport({ call, sources, outcome, lines: learnt.lines, test }))
    return { ...written, report }
  })
  await runtime.release()
  const seconds = { read, fit: fitted - read, total: clock() }
  return { outcome: { ...outcome, seconds, files }, lines: learnt.lines }
}

async function writeShots({ out, sources }: OpenedCall, bytes: Uint8Array, test: ScoredShots | undefined) {
  const model = join(out, 'model.onnx')
  await writeAtomically(model, bytes)
  if (test === undefined) return { model }
  const predictions = join(out, 'predictions.csv')
  await writePredictions(predictions, {
    predictions: Array.from(test.predicted, (index) => sources.classes[index]!),
    probabilities: test.probabilities,
    classes: sources.classes,
  })
  return { model, predictions }
}

/** The embeddings of all rows, `rows × d`. */
async function featuresOf(runtime: Runtime, base: Parameters<typeof joinModels>[0], rows: TuningRows): Promise<Matrix> {
  const { dims, data } = await (rows.outputs?.(base, 0) ?? embedded(runtime, base, rows))
  return matrix(dims[0]!, dims[1]!, Float64Array.from(data as Float32Array))
}

async function embedded(runtime: Runtime, base: Parameters<typeof joinModels>[0], rows: TuningRows): Promise<Tensor> {
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row)
  const results = await runtime.run(base, { [base.graph.inputs[0]!.name]: await rows.fetch(all, 0) })
  return results[base.graph.outputs[0]!.name]!
}
