import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type BaseStore, InvalidInputError, readModel, type TransferRun, writeModel } from 'graft-learn'
import { z } from 'zod'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import type { TransferabilitySettings } from './call.ts'
import type { ReadRows } from './read-data.ts'

const FILE = 'runs.json'

const share = z.number().min(0).max(1)
const schema = z.object({
  settings: z.record(z.string(), z.unknown()),
  data: z.string(),
  runs: z.array(
    z.object({
      repetition: z.int().min(0),
      treatment: z.enum(['base', 'selffer', 'selffer-tuned', 'transfer', 'transfer-tuned', 'random']),
      cut: z.int().min(0),
      task: z.enum(['A', 'B']),
      name: z.string(),
      accuracy: share,
      trainAccuracy: share,
      loss: z.number(),
    }),
  ),
})

/** Keeps what is finished of an experiment in a folder. */
export interface SavedRuns {
  readonly finished: readonly TransferRun[]
  readonly bases: BaseStore
  /** Adds a run. */
  save(run: TransferRun): Promise<void>
}

/**
 * Opens the folder's `runs.json` and `bases/`. With `resume` the runs in it are gone on with, else they are
 * removed when the first new one is written.
 * Throws `InvalidInputError` where there is nothing to go on with, or where it belongs to other data or settings.
 */
export async function savedRuns(
  folder: string,
  resume: boolean,
  settings: TransferabilitySettings,
  rows: ReadRows,
): Promise<SavedRuns> {
  const data = digestOf(rows)
  const finished = resume ? await readRuns(join(folder, FILE), settings, data) : []
  const models = join(folder, 'bases')
  const file = (repetition: number, task: 'A' | 'B') => join(models, `${repetition + 1}-${task}.onnx`)
  let runs: readonly TransferRun[] = finished
  let begun: Promise<void> | undefined
  // Only once there is something new: a call that turns out to be wrong takes nothing away.
  const begin = (): Promise<void> => {
    begun ??= ensureOutputFolder(folder).then(() => (resume ? undefined : clear(folder, models)))
    return begun
  }
  return {
    finished,
    bases: {
      async read(repetition, task) {
        // Where it is gone or damaged, it is trained again.
        return readFile(file(repetition, task))
          .then(readModel)
          .catch(() => undefined)
      },
      async write(repetition, task, model) {
        await begin()
        await mkdir(models, { recursive: true })
        await writeAtomically(file(repetition, task), writeModel(model))
      },
    },
    async save(run) {
      await begin()
      const others = runs.filter(({ repetition, name }) => repetition !== run.repetition || name !== run.name)
      runs = [...others, run]
      await writeAtomically(join(folder, FILE), `${JSON.stringify({ settings, data, runs }, null, 1)}\n`)
    },
  }
}

async function clear(folder: string, models: string): Promise<void> {
  await rm(join(folder, FILE), { force: true })
  const old = await readdir(models).catch(() => [])
  for (const name of old) if (/^\d+-[AB]\.onnx$/.test(name)) await rm(join(models, name), { force: true })
}

async function readRuns(file: string, settings: TransferabilitySettings, data: string): Promise<TransferRun[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new InvalidInputError(
      'there are no runs to go on with: name their folder with --out, or leave out --resume',
      {
        file,
      },
    )
  }
  const found = schema.safeParse(parsed(text))
  if (!found.success) {
    throw new InvalidInputError('it is damaged, and cannot be gone on with: leave out --resume to start again', {
      file,
    })
  }
  const given = JSON.parse(JSON.stringify(settings)) as Record<string, unknown>
  // More repetitions and other cuts add to what is there.
  const differs = Object.keys(given)
    .filter((name) => name !== 'repetitions' && name !== 'cuts')
    .find((name) => JSON.stringify(given[name]) !== JSON.stringify(found.data.settings[name]))
  if (differs !== undefined) {
    const [before, now] = [found.data.settings, given].map((all) => JSON.stringify(all[differs]))
    throw new InvalidInputError(
      `its runs had another ${differs}: ${before}, now ${now}; give the same, or leave out --resume to start again`,
      { file },
    )
  }
  if (found.data.data === data) return found.data.runs
  throw new InvalidInputError('its runs were on other data: give the same, or leave out --resume to start again', {
    file,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function digestOf({ inputs, labels, classes }: ReadRows): string {
  const hash = createHash('sha256').update(JSON.stringify([inputs.dims, classes]))
  for (const { buffer, byteOffset, byteLength } of [inputs.data as Float32Array, labels]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return hash.digest('hex').slice(0, 32)
}
