import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointStore } from 'graft-learn'
import { checkpointFolder } from './checkpoint-folder.ts'

/** Checkpoints of a call, in a folder of its results. */
export interface Checkpoints {
  readonly open: (training: string) => Promise<CheckpointStore>
  /** Removes them: the work is done. */
  readonly clear: () => Promise<void>
}

/** Keeps checkpoints below `out`; those of an earlier call are gone on with, or removed. */
export async function checkpointsIn(out: string, resume: boolean, note: (text: string) => void): Promise<Checkpoints> {
  const folder = join(out, 'checkpoints')
  const there = (await stat(folder).catch(() => undefined)) !== undefined
  if (resume && !there) note(`${folder}: no checkpoints to go on from: starting afresh`)
  if (!resume && there) await rm(folder, { recursive: true, force: true })
  return {
    open: (training) => checkpointFolder(join(folder, training)),
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}
