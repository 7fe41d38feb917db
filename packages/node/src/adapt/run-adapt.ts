import { join } from 'node:path'
import { type AdaptRequest, type AdaptResult, adapt, nodeRuntime, type Runtime, type Scale, version } from 'graft-learn'
import { type Checkpoints, checkOutputFolder, checkpointsIn, ensureOutputFolder } from '../files/index.ts'
import type { Baseline } from '../report/report-data.ts'
import { assess } from './assess.ts'
import { baselineMethod, baselineOptions } from './baseline.ts'
import type { AdaptCall, Hooks } from './call.ts'
import { trainingOf, warnOfTraining } from './network-training.ts'
import type { Comparison, Outcome, SourceResult } from './outcome.ts'
import { outcomeOf, type Run } from './outcome-of.ts'
import { resultsPerSource } from './per-source.ts'
import { type Plan, planAdapt } from './plan.ts'
import { readTransfer } from './read-transfer.ts'
import { scoreOf } from './score.ts'
import { shiftMeter } from './shift-meter.ts'
import { isSingleRow, type TransferData } from './transfer-data.ts'
import { writeReport, writeReportFigures } from './write-report.ts'
import { writeRun } from './write-run.ts'

/** Where results go unless the call says otherwise. */
export const DEFAULT_OUT = 'graft-out'

/**
 * Carries out a call of `graft adapt`: checks it, reads the files, then fits one method after the other; each one's
 * files are on disk before the next begins. One method gives its outcome, several a comparison. Throws
 * `InvalidInputError` before anything is written where the call or its input is wrong.
 */
export async function runAdapt(call: AdaptCall, hooks: Hooks): Promise<Outcome | Comparison> {
  const started = performance.now()
  const planned = planAdapt(call)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const data = await readTransfer(call, planned, { runtime, hooks })
  const plan = { ...planned, scale: planned.scale ?? scaleFor(data) }
  if (call.pairs !== undefined && plan.methods.every(({ method }) => method.needs.pairs === undefined)) {
    hooks.warn(`--pairs ${call.pairs}: no method of this call uses rows that are known in both domains`)
  }
  if (isSingleRow(data) && plan.scale !== 'none' && plan.scale !== 'l2') {
    hooks.warn(
      `${data.files.target.file}: with one row only, scale ${plan.scale} takes its own values for the mean and makes all ` +
        'features 0, so that the prediction means nothing: give more rows, or --scale none where both domains use the same units',
    )
  }
  warnOfUnused(call, plan, hooks)
  const read = (performance.now() - started) / 1000
  const out = call.out ?? DEFAULT_OUT
  await checkOutputFolder(out)
  const checkpoints = plan.networks === 'none' ? undefined : await checkpointsIn(out, call.resume === true, hooks.note)
  const work: Work = { call, plan, data, runtime, hooks, out, read, checkpoints }
  const { runs, baseline, perSource } = await runMethods(work)
  await checkpoints?.clear()
  await runtime.release()
  const outcomes = plan.methods.map(({ method }) => runs.find((run) => run.outcome.method === method.id)!.outcome)
  const figures =
    call.figures === true
      ? { figures: await hooks.whole(() => writeReportFigures({ ...work, baseline, perSource }, runs, hooks.warn)) }
      : {}
  if (outcomes.length === 1) return { ...outcomes[0]!, files: { ...outcomes[0]!.files, ...figures } }
  const files = { report: join(out, 'report.html'), ...figures }
  return { command: 'adapt', version, seed: call.seed ?? 0, classes: data.task.classes, methods: outcomes, files }
}

/** Says which options have no effect on the methods of a call. */
function warnOfUnused(call: AdaptCall, { networks }: Plan, hooks: Hooks): void {
  if (call.classifier !== undefined && networks === 'all') {
    hooks.warn(`--classifier ${call.classifier}: methods that train a network predict by its own last layer`)
  }
  if (call.resume === true && networks === 'none') {
    hooks.warn('--resume: no method of this call trains a network, so there is nothing to go on from')
  }
}

/** What stays the same from method to method. */
interface Work {
  readonly call: AdaptCall
  readonly plan: Plan & { readonly scale: Scale }
  readonly data: TransferData
  readonly runtime: Runtime
  readonly hooks: Hooks
  readonly out: string
  /** Seconds that reading took. */
  readonly read: number
  /** Of methods that train a network. */
  readonly checkpoints: Checkpoints | undefined
}

/** Pixels and places of a layer share their units; columns of tables, and features, do not. */
const scaleFor = ({ backbone, network }: TransferData): Scale =>
  backbone?.places === true || network?.kind === 'lenet' || network?.kind === 'pretrained' ? 'none' : 'zscore'

/** What came of all methods, what they are compared with, and each of several sources by itself. */
interface Ran {
  readonly runs: readonly Run[]
  readonly baseline: Baseline | null
  readonly perSource?: readonly SourceResult[] | undefined
}

/** The baseline comes first where it is asked for: its score is what all others are compared with. */
async function runMethods(work: Work): Promise<Ran> {
  const { plan, data, hooks, out } = work
  const reference = baselineMethod(data, plan.networks)
  const rank = (id: string): number => (id === reference?.method ? 0 : 1)
  const order = [...plan.methods].sort((a, b) => rank(a.method.id) - rank(b.method.id))
  const perSource = data.sources.length > 1 ? await resultsPerSource(data, requestOf(work, 'none', {})) : undefined
  let baseline: Baseline | null = null
  if (reference !== null && order[0]!.method.id !== reference.method) {
    baseline = {
      name: reference.name,
      score: scoreOf(data, await adapt(requestOf(work, reference.method, baselineOptions(plan, reference.method))))!,
    }
  }
  const measure = shiftMeter(data, work.runtime, work.call.seed ?? 0)
  const runs: Run[] = []
  for (const { method, options } of order) {
    const started = performance.now()
    const folder = plan.methods.length === 1 ? out : join(out, method.id)
    const result = await adapt(requestOf(work, method.id, options))
    warnOfTraining(result, hooks)
    if (method.id === reference?.method) baseline = { name: reference.name, score: scoreOf(data, result)! }
    const report = assess(result, data, await measure(result.before, result.after))
    await hooks.whole(async () => {
      await ensureOutputFolder(folder)
      const files = await writeRun(folder, result, data)
      const total = work.read + (performance.now() - started) / 1000
      const seconds = { read: work.read, fit: result.seconds.fit, predict: result.seconds.predict, total }
      const outcome = outcomeOf({ ...work, result, report, baseline, perSource, seconds, files })
      runs.push({ report: { ...report, seconds }, outcome })
      await writeReport({ ...work, baseline, perSource }, runs)
    })
    hooks.saved(method.id, folder)
  }
  return { runs, baseline, perSource }
}

function requestOf(
  { call, plan, data, runtime, hooks, checkpoints }: Work,
  method: string,
  options: AdaptResult['options'],
): AdaptRequest {
  return {
    task: data.task,
    sources: data.sources,
    target: data.target,
    ...(data.labelledTarget === undefined ? {} : { labelledTarget: data.labelledTarget }),
    ...(data.pairs === undefined ? {} : { pairs: data.pairs }),
    scale: plan.scale,
    method,
    options,
    classifier: plan.classifier.id,
    classifierOptions: plan.classifierOptions,
    seed: call.seed ?? 0,
    metadata: {
      ...(data.columns === null ? {} : { features: JSON.stringify(data.columns) }),
      ...(data.firstIndex === undefined ? {} : { firstIndex: `${data.firstIndex}` }),
    },
    runtime,
    progress: (done, total) => hooks.progress(method, done, total),
    ...(plan.networks !== 'none' && trainingOf({ id: method }, data, checkpoints, hooks)),
  }
}
