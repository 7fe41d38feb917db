import type { Hooks } from '../adapt/call.ts'
import type { Console } from './console.ts'
import { watchInterruption } from './interruption.ts'

/** Where adapting says how it goes: on the console, and to those who interrupt it. `tell` says each saved method. */
export function adaptHooks(console: Console, tell: boolean): Hooks {
  const interruption = watchInterruption()
  return {
    note: console.note,
    warn: console.warn,
    progress: console.progress.update,
    whole: interruption.whole,
    saved: (id, folder) => {
      interruption.saved(folder)
      if (tell) console.note(`${id}: saved in ${folder}`)
    },
  }
}
