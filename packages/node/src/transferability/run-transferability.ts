import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { didYouMean, InvalidInputError, layerTransfer, type Model, nodeRuntime, version } from 'graft-learn'
import { checkOutputFolder, ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { readModelFile } from '../saved-model/index.ts'
import type {
  FiltersDrawn,
  Transferability,
  TransferabilityCall,
  TransferabilitySettings,
  TransferabilityWatch,
} from './call.ts'
import { filterGrid } from './filter-grid.ts'
import { firstFilters } from './first-filters.ts'
import { networkFor } from './network-choice.ts'
import { type ReadRows, readRows } from './read-data.ts'
import { savedRuns } from './saved-runs.ts'
import { type ShownNetwork, writeResults } from './write-results.ts'

const OUT = 'graft-out'

/**
 * Carries out the experiment of `layerTransfer` on a file of rows and writes its results (`writeResults`) and, after each
 * run, `runs.json` and the bases. Where the signal aborts, the results of the runs so far are written. Throws
 * `InvalidInputError` where the call or its input is wrong.
 */
export async function runTransferability(
  call: TransferabilityCall & { readonly data: string },
  watch: TransferabilityWatch,
): Promise<Transferability> {
  const started = performance.now()
  const out = call.out ?? OUT
  await checkOutputFolder(out)
  const given = call.model === undefined ? undefined : await readModelFile(call.model)
  const rows = await readRows(call, watch)
  const settings = settingsOf(call, rows)
  const network = networkFor(settings.network, rows)
  const saved = await savedRuns(out, call.resume === true, settings, rows)
  if (call.resume === true) watch.note(`${out}: going on after ${saved.finished.length} finished runs`)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const { rowsPerClass, sourceRowsPerClass, cuts, ...rest } = settings
  const found = await layerTransfer(runtime, {
    ...rest,
    data: { inputs: rows.inputs, labels: rows.labels, classes: rows.classes.length },
    network,
    rowsPerClass: rowsPerClass ?? undefined,
    sourceRowsPerClass: sourceRowsPerClass ?? undefined,
    cuts: cuts ?? undefined,
    finished: saved.finished,
    bases: saved.bases,
    onRun: (run) => watch.whole(() => saved.save(run)),
    onProgress: watch.progress,
    signal: watch.signal,
  })
  const named = (classes: readonly number[]) => classes.map((index) => rows.classes[index]!)
  const result: Transferability = {
    command: 'transferability',
    version,
    data: { file: rows.file, rows: rows.labels.length, classes: rows.classes, image: rows.image },
    settings,
    layers: found.layers,
    splits: found.splits.map(({ a, b }) => ({ a: named(a), b: named(b) })),
    planned: found.planned,
    runs: found.runs,
    summary: found.summary,
    interrupted: found.stopped === 'aborted',
    seconds: { total: (performance.now() - started) / 1000 },
    files: {},
  }
  const shown: ShownNetwork[] = []
  for (const task of ['A', 'B'] as const) {
    const model = await saved.bases.read(0, task)
    if (model !== undefined) shown.push({ title: `Base ${task}, repetition 1`, model })
  }
  if (given !== undefined) shown.push({ title: given.file, model: given.model, channels: call.channels })
  const whole = await watch.whole(() => writeResults(out, result, shown, call, watch))
  await runtime.release()
  return whole
}

/** Draws the first filters of a pretrained network into `filters.png`. Throws `InvalidInputError` where it has none. */
export async function drawFilters(call: TransferabilityCall & { readonly model: string }): Promise<FiltersDrawn> {
  const out = call.out ?? OUT
  await checkOutputFolder(out)
  const { file, model } = await readModelFile(call.model)
  const filters = filtersOf(file, model)
  const { png } = await filterGrid(filters, { channels: call.channels })
  await ensureOutputFolder(out)
  const picture = join(out, 'filters.png')
  await writeAtomically(picture, png)
  const { parameter, count, channels } = filters
  return {
    command: 'transferability',
    version,
    model: file,
    filters: { parameter, count, channels },
    files: { filters: picture },
  }
}

function filtersOf(file: string, model: Model) {
  const filters = firstFilters(model)
  if (filters !== null) return filters
  throw new InvalidInputError(
    'its first layer is no convolution over one or three channels: there is nothing to draw',
    {
      file,
    },
  )
}

function settingsOf(call: TransferabilityCall, { classes, file }: ReadRows): TransferabilitySettings {
  return {
    network: call.network ?? 'cnn',
    seed: call.seed ?? 0,
    repetitions: call.seeds ?? 5,
    epochs: call.epochs ?? 20,
    batchSize: call.batch ?? 32,
    learningRate: call.rate ?? 0.002,
    heldOut: call.heldOut ?? 0.25,
    rowsPerClass: call.rows ?? null,
    sourceRowsPerClass: call.sourceRows ?? call.rows ?? null,
    split: splitOf(call.split, classes, file),
    cuts: call.cuts ?? null,
  }
}

/** Task A has the classes named, task B all others. */
function splitOf(
  names: readonly string[] | undefined,
  classes: readonly string[],
  file: string,
): TransferabilitySettings['split'] {
  if (names === undefined || (names.length === 1 && names[0] === 'random' && !classes.includes('random')))
    return 'random'
  const unknown = names.find((name) => !classes.includes(name))
  if (unknown !== undefined) {
    throw new InvalidInputError(
      `--split names "${unknown}", which is no class of the data${didYouMean(unknown, classes)}: there are ${classes.slice(0, 20).join(', ')}`,
      { file },
    )
  }
  const all = [...classes.keys()]
  return {
    a: all.filter((i) => names.includes(classes[i]!)),
    b: all.filter((i) => !names.includes(classes[i]!)),
  }
}
