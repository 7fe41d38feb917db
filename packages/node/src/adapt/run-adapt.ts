import { join } from 'node:path'
import { type AdaptRequest, type AdaptResult, adapt, nodeRuntime, type Runtime, version } from 'graft-learn'
import { checkOutputFolder, ensureOutputFolder } from '../files/index.ts'
import { assess, scoreOf } from './assess.ts'
import type { AdaptCall, Hooks } from './call.ts'
import type { Comparison, Outcome } from './outcome.ts'
import { outcomeOf, type Run } from './outcome-of.ts'
import { type Plan, planAdapt } from './plan.ts'
import { readTransfer } from './read-transfer.ts'
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
  const plan = planAdapt(call)
  const data = await readTransfer(call, hooks.warn)
  if (isSingleRow(data) && plan.scale !== 'none' && plan.scale !== 'l2') {
    hooks.warn(
      `${data.files.target.file}: with one row only, scale ${plan.scale} takes its own values for the mean and makes all ` +
        'features 0, so that the prediction means nothing: give more rows, or --scale none where both domains use the same units',
    )
  }
  const read = (performance.now() - started) / 1000
  const out = call.out ?? DEFAULT_OUT
  await checkOutputFolder(out)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const work: Work = { call, plan, data, runtime, hooks, out, read }
  const runs = await runMethods(work)
  await runtime.release()
  const outcomes = plan.methods.map(({ method }) => runs.find((run) => run.outcome.method === method.id)!.outcome)
  const figures =
    call.figures === true ? { figures: await hooks.whole(() => writeReportFigures(work, runs, hooks.warn)) } : {}
  if (outcomes.length === 1) return { ...outcomes[0]!, files: { ...outcomes[0]!.files, ...figures } }
  const files = { report: join(out, 'report.html'), ...figures }
  return { command: 'adapt', version, seed: call.seed ?? 0, classes: data.task.classes, methods: outcomes, files }
}

/** What stays the same from method to method. */
interface Work {
  readonly call: AdaptCall
  readonly plan: Plan
  readonly data: TransferData
  readonly runtime: Runtime
  readonly hooks: Hooks
  readonly out: string
  /** Seconds that reading took. */
  readonly read: number
}

/** The baseline comes first where it is asked for: its score is what all others are compared with. */
async function runMethods(work: Work): Promise<Run[]> {
  const { plan, data, hooks, out } = work
  const order = [...plan.methods].sort((a, b) => rank(a.method.id) - rank(b.method.id))
  let sourceOnly = data.truth === null || order[0]!.method.id === 'none' ? null : await baselineScore(work)
  const measure = shiftMeter(data, work.runtime, work.call.seed ?? 0)
  const runs: Run[] = []
  for (const { method, options } of order) {
    const started = performance.now()
    const folder = plan.methods.length === 1 ? out : join(out, method.id)
    const result = await adapt(requestOf(work, method.id, options))
    if (method.id === 'none' && data.truth !== null) sourceOnly = scoreOf(data.truth, result.predicted)
    const report = assess(result, data, await measure(result.before, result.after))
    await hooks.whole(async () => {
      await ensureOutputFolder(folder)
      const files = await writeRun(folder, result, data.task.classes)
      const total = work.read + (performance.now() - started) / 1000
      const seconds = { read: work.read, fit: result.seconds.fit, predict: result.seconds.predict, total }
      const outcome = outcomeOf({ ...work, result, report, sourceOnly, seconds, files })
      runs.push({ report: { ...report, seconds }, outcome })
      await writeReport(work, runs)
    })
    hooks.saved(method.id, folder)
  }
  return runs
}

const rank = (id: string): number => (id === 'none' ? 0 : 1)

async function baselineScore(work: Work): Promise<number> {
  const { predicted } = await adapt(requestOf(work, 'none', {}))
  return scoreOf(work.data.truth!, predicted)
}

function requestOf(
  { call, plan, data, runtime, hooks }: Work,
  method: string,
  options: AdaptResult['options'],
): AdaptRequest {
  return {
    task: data.task,
    sources: data.sources,
    target: data.target,
    ...(data.labelledTarget === undefined ? {} : { labelledTarget: data.labelledTarget }),
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
  }
}
