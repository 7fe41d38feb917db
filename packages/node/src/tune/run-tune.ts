import { type Runtime, type TunedEpoch, type TuneResult, tune } from 'graft-learn'
import { type Checkpoints, checkpointsIn } from '../files/index.ts'
import type { ModelFile } from '../saved-model/index.ts'
import type { TuneCall, TuneWatch } from './call.ts'
import { openCall } from './open-call.ts'
import { outcomeOf } from './outcome-of.ts'
import { planTuning, type TuningPlanned } from './plan-tuning.ts'
import type { TuneSources } from './read-sources.ts'
import { embeddingOf, scoreRows } from './score-rows.ts'
import { stopwatch } from './stopwatch.ts'
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
  const { out, runtime, file, sources } = await openCall(call, augments(call, plan), watch)
  const read = clock()
  const checkpoints = await checkpointsIn(out, call.resume === true, watch.note)
  const result = await tuned({ call, plan, runtime, file, sources, checkpoints, watch })
  const { start, test } = result.aborted ? {} : await scores(runtime, result, sources, watch)
  const work = { call, out, plan, file, sources, result, ...(start && { start }), ...(test && { test }) }
  const outcome = (files: TunedFiles): TuneOutcome => ({
    ...outcomeOf(work),
    seconds: { ...result.seconds, read, total: clock() },
    files,
  })
  const files = await watch.whole(() => writeTuned({ ...work, runtime }, outcome, watch))
  if (!result.aborted) await checkpoints.clear()
  await runtime.release()
  return outcome(files)
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

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`
