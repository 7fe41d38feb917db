import { performance } from 'node:perf_hooks'
import {
  describeNetwork,
  InvalidInputError,
  type Network,
  nodeRuntime,
  type Runtime,
  type TunedEpoch,
  type TuneResult,
  tune,
  version,
} from 'graft-learn'
import { checkOutputFolder } from '../files/index.ts'
import { type ModelFile, readModelFile } from '../saved-model/index.ts'
import { DEFAULT_OUT, type TuneCall, type TuneWatch } from './call.ts'
import { type Checkpoints, checkpointsIn } from './checkpoints.ts'
import { planTuning, type TuningPlanned } from './plan-tuning.ts'
import { readSources, type TuneSources } from './read-sources.ts'
import { embeddingOf, type ScoredRows, scoreRows } from './score-rows.ts'
import type { TuneOutcome } from './tune-result.ts'
import { type TunedFiles, writeTuned } from './write-tuned.ts'

/**
 * Carries out a call of `graft tune`: checks it, reads model and rows, tunes, scores, and writes model, predictions and
 * report. Where the signal aborts, what was best so far is written. Throws `InvalidInputError` before anything is written
 * where the call or its input is wrong.
 */
export async function runTune(call: TuneCall, watch: TuneWatch): Promise<TuneOutcome> {
  const clock = stopwatch()
  const plan = planTuning(call)
  const out = call.out ?? DEFAULT_OUT
  const file = await readModelFile(call.model)
  await checkOutputFolder(out)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const described = await describeNetwork(runtime, file.model, { features: call.features })
  const request = {
    call,
    modelFile: file.file,
    model: file.model,
    described,
    runtime,
    augment: augments(call, plan),
    watch,
  }
  const sources = await readSources(request, () => oldClassesOf(file, described))
  const read = clock()
  const checkpoints = await checkpointsIn(out, call.resume === true, watch.note)
  const result = await tuned({ call, plan, runtime, file, sources, checkpoints, watch })
  const { start, test } = result.aborted ? {} : await scores(runtime, result, sources, watch)
  const work = { call, out, plan, file, sources, result, ...(start && { start }), ...(test && { test }) }
  const outcome = (files: TunedFiles): TuneOutcome => ({
    ...outcomeOf(work, read),
    seconds: { ...secondsOf(result), read, total: clock() },
    files,
  })
  const files = await watch.whole(() => writeTuned({ ...work, runtime }, outcome, watch))
  if (!result.aborted) await checkpoints.clear()
  await runtime.release()
  return outcome(files)
}

/** Gives the seconds since it was made. */
function stopwatch(): () => number {
  const since = performance.now()
  return () => (performance.now() - since) / 1000
}

/** Images are varied where parts of the network are trained, unless the call says. */
const augments = ({ augment, reuse }: TuneCall, { strategy }: TuningPlanned): boolean =>
  augment ?? (strategy.reuse !== 'all' || reuse !== undefined)

interface TunedWork {
  readonly call: TuneCall
  readonly plan: TuningPlanned
  readonly runtime: Runtime
  readonly file: ModelFile
  readonly sources: TuneSources
  readonly checkpoints: Checkpoints
  readonly watch: TuneWatch
}

async function tuned({ call, plan, runtime, file, sources, checkpoints, watch }: TunedWork): Promise<TuneResult> {
  const { training, validation, remembered, classes } = sources
  const say = ({ epoch, loss, trainAccuracy, validationAccuracy, seconds }: TunedEpoch, epochs: number) => {
    const held = validationAccuracy === null ? '' : `, held out ${percent(validationAccuracy)}`
    const took = seconds === null ? '' : ` (${seconds.toFixed(1)} s)`
    watch.note(
      `epoch ${epoch} of ${epochs}: loss ${loss.toPrecision(3)}, training ${percent(trainAccuracy)}${held}${took}`,
    )
  }
  return tune({
    runtime,
    model: file.model,
    features: call.features,
    training: training.rows,
    validation: validation?.rows,
    classes: classes.length,
    strategy: plan.strategy.id,
    options: plan.options,
    settings: plan.settings,
    reuse: plan.reuse,
    epochs: plan.epochs,
    seed: call.seed ?? 0,
    augmented: training.kind === 'images' && augments(call, plan),
    oldTask: remembered?.rows,
    checkpoints: checkpoints.open,
    hooks: { onProgress: watch.progress, onEpoch: say, onWarning: watch.warn },
    signal: watch.signal,
  })
}

/** The names of the classes that the network told apart before: its own, or numbers. */
function oldClassesOf({ model, file }: ModelFile, { outputs, features }: Network): readonly string[] {
  const names: unknown = JSON.parse(model.metadata['graft.classes'] ?? 'null')
  if (Array.isArray(names)) return names.map(String)
  const head = outputs.find(({ name, dims }) => name !== features && dims.length === 1 && dims[0]! > 1)
  if (head !== undefined) return Array.from({ length: head.dims[0]! }, (_, i) => `${i}`)
  throw new InvalidInputError('--remember needs the classifier that the network came with, and it has none', { file })
}

async function scores(runtime: Runtime, result: TuneResult, { test, classes }: TuneSources, watch: TuneWatch) {
  if (test === undefined) return {}
  const request = { rows: test.rows, classes: classes.length }
  const progress = (done: number, total: number) => watch.progress('test', done, total)
  const { model, start, blocks, depth, epoch } = result
  const pretrained = epoch === 0 ? blocks.length : depth.reuse
  const cut = pretrained === blocks.length ? embeddingOf(model) : blocks[pretrained - 1]?.output
  return {
    start: await scoreRows(runtime, { ...request, model: start, cut: embeddingOf(start) }),
    test: await scoreRows(runtime, { ...request, model, cut, progress }),
  }
}

interface Finished {
  readonly call: TuneCall
  readonly plan: TuningPlanned
  readonly file: ModelFile
  readonly sources: TuneSources
  readonly result: TuneResult
  readonly start?: ScoredRows
  readonly test?: ScoredRows
}

function outcomeOf(
  { call, plan, file, sources, result, start, test }: Finished,
  read: number,
): Omit<TuneOutcome, 'seconds' | 'files'> {
  const { depth, epochs, validation, head } = result
  const summary = (source: TuneSources['training']) => ({
    file: source.file,
    rows: source.rows.rows,
    skipped: source.skipped,
  })
  return {
    command: 'tune',
    version,
    model: file.file,
    strategy: plan.strategy.id,
    reuse: depth.reuse,
    blocks: result.blocks.length,
    why: depth.why,
    trials: depth.trials,
    settings: result.settings,
    options: result.options,
    seed: call.seed ?? 0,
    train: summary(sources.training),
    test: sources.test === undefined ? null : summary(sources.test),
    classes: sources.classes,
    trainable: result.trainable,
    epochs: epochs.map(({ losses: _, ...epoch }, i) => ({
      ...epoch,
      // Reading the images and running the frozen part is work of the first epoch: later ones do without.
      seconds: epoch.seconds === null || i > 0 ? epoch.seconds : epoch.seconds + read,
    })),
    bestEpoch: result.epoch,
    refitted: result.refitted,
    scores: {
      metric: 'accuracy',
      validation: validation.accuracy ?? head?.accuracy ?? null,
      test: test?.accuracy ?? null,
      head: { validation: validation.start ?? head?.accuracy ?? null, test: start?.accuracy ?? null },
    },
    forgetting: result.forgetting,
    facts: result.facts,
    interrupted: result.aborted,
  }
}

const secondsOf = ({ seconds }: TuneResult): TuneResult['seconds'] => seconds

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
