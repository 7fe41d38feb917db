import { basename, join } from 'node:path'
import { type Scale, version } from 'graft-learn'
import { writeAtomically } from '../files/index.ts'
import type { Baseline, ReportData } from '../report/report-data.ts'
import { groupsOf } from './assess.ts'
import type { AdaptCall } from './call.ts'
import type { SourceResult } from './outcome.ts'
import type { Run } from './outcome-of.ts'
import type { Plan } from './plan.ts'
import type { TransferData } from './transfer-data.ts'

/** What a report is made from besides the runs. */
export interface ReportParts {
  readonly call: AdaptCall
  readonly plan: Plan & { readonly scale: Scale }
  readonly data: TransferData
  readonly out: string
  /** What scores are compared with; null where nothing is scored. */
  readonly baseline: Baseline | null
  /** Each source by itself, where there are several. */
  readonly perSource?: readonly SourceResult[] | undefined
}

/** Writes `report.html` on the methods that are through. */
export async function writeReport(parts: ReportParts, runs: readonly Run[]): Promise<void> {
  const { renderReport } = await import('../report/render-report.ts')
  await writeAtomically(join(parts.out, 'report.html'), renderReport(reportOf(parts, runs)))
}

/** Writes the figures of the report as files of their own, and says where they are. */
export async function writeReportFigures(
  parts: ReportParts,
  runs: readonly Run[],
  warn: (text: string) => void,
): Promise<string[]> {
  const { canDrawText } = await import('../report/can-draw-text.ts')
  const { writeFigures } = await import('../report/write-figures.ts')
  if (!(await canDrawText())) {
    warn(
      'this machine has no font, so text in the figures cannot be read: install one, such as the package ' +
        'fonts-dejavu-core, and run it again; report.html is not affected',
    )
  }
  return writeFigures(join(parts.out, 'figures'), reportOf(parts, runs))
}

/** What predicts: a network with its own head, where all methods train one. */
function classifierOf({ networks, classifier }: Plan, { network }: TransferData, runs: readonly Run[]) {
  if (networks === 'all') return { id: 'network', name: `the network itself (${network?.kind ?? 'mlp'})`, options: {} }
  const options = runs.find(({ outcome }) => outcome.classifier !== 'network')?.outcome.classifierOptions ?? {}
  const name = networks === 'some' ? `${classifier.name}; networks by their own heads` : classifier.name
  return { id: classifier.id, name, options }
}

function reportOf({ call, plan, data, baseline, perSource }: ReportParts, runs: readonly Run[]): ReportData {
  return {
    title: `${data.files.sources.map(({ file }) => basename(file)).join(' + ')} to ${basename(data.files.target.file)}`,
    command: call.command ?? 'graft adapt',
    version,
    seed: call.seed ?? 0,
    scale: plan.scale,
    classifier: classifierOf(plan, data, runs),
    classes: runs.reduce(
      (names, { outcome }) => (outcome.classes.length > names.length ? outcome.classes : names),
      data.task.classes,
    ),
    groups: groupsOf(data),
    sources: data.files.sources,
    target: data.files.target,
    ...(data.files.labelledTarget === undefined ? {} : { labelledTarget: data.files.labelledTarget }),
    ...(data.pairs === undefined || call.pairs === undefined
      ? {}
      : { pairs: { file: call.pairs, rows: data.pairs.source.length } }),
    metric: data.task.kind === 'regression' ? 'R²' : 'accuracy',
    baseline,
    ...(perSource === undefined ? {} : { perSource }),
    runs: plan.methods
      .flatMap(({ method }) => runs.filter((run) => run.outcome.method === method.id))
      .map((run) => run.report),
  }
}
