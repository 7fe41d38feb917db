import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointStore } from 'graft-learn'
import { ensureOutputFolder } from './output-folder.ts'
import { writeAtomically } from './write-atomically.ts'

/** How many checkpoints a folder keeps: should the newest be broken, there is the one before. */
const KEPT = 2
const PATTERN = /^checkpoint-(\d{6,})\.graft$/
/** What a killed process may leave behind of a file it was writing. */
const TEMPORARY = /^\.graft-[0-9a-f]{12}\.tmp$/

/**
 * Keeps checkpoints of one training in a folder, made where absent: files `checkpoint-NNNNNN.graft`, the last two of them.
 * Each is written under a temporary name, brought to the disk and renamed, so that a process or machine that dies leaves
 * the ones before it whole; temporary files of such a process are removed by the next. Two trainings at once need two
 * folders. Throws `InvalidInputError` where the folder cannot be made or written to.
 */
export async function checkpointFolder(folder: string): Promise<CheckpointStore> {
  await ensureOutputFolder(folder)
  for (const name of await readdir(folder)) if (TEMPORARY.test(name)) await rm(join(folder, name), { force: true })
  /** The one read last: who reads the newest first, and goes on with this one, found those after it broken. */
  let good = Infinity
  return {
    async write(bytes) {
      const before = await numbersIn(folder)
      const number = (before[0] ?? 0) + 1
      await writeAtomically(join(folder, nameOf(number)), bytes)
      await bringToDisk(folder)
      const kept = before.filter((other) => other <= good).slice(0, KEPT - 1)
      good = number
      for (const other of before) if (!kept.includes(other)) await rm(join(folder, nameOf(other)), { force: true })
    },
    async list() {
      return (await numbersIn(folder)).map((number) => {
        const file = join(folder, nameOf(number))
        const read = () => {
          good = number
          return readFile(file)
        }
        return { name: file, read }
      })
    },
  }
}

const nameOf = (number: number): string => `checkpoint-${String(number).padStart(6, '0')}.graft`

/** The numbers of the checkpoints in a folder, the newest first. */
async function numbersIn(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => {
    const found = PATTERN.exec(name)
    return found === null ? [] : [Number(found[1])]
  })
  return numbers.sort((a, b) => b - a)
}

/** A renamed file is safe once its folder is on the disk as well; some systems cannot do that, and need not. */
async function bringToDisk(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
