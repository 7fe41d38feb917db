import type { TuneWatch } from '../tune/call.ts'
import type { Console } from './console.ts'
import { INTERRUPTED } from './failure.ts'
import { leave } from './leave.ts'

/**
 * Where tuning says how it goes. The first SIGINT or SIGTERM aborts its signal, so that what is best so far is saved; the
 * second ends the process at once, but for a file that is being written.
 */
export function watchTuning(console: Console): TuneWatch {
  const controller = new AbortController()
  let pending: Promise<unknown> = Promise.resolve()
  const stop = async (): Promise<void> => {
    if (controller.signal.aborted) {
      await pending.catch(() => undefined)
      process.stderr.write('\ninterrupted\n')
      await leave(INTERRUPTED)
    }
    console.warn('interrupted: saving what is best so far (once more to stop at once)')
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  return {
    note: console.note,
    warn: console.warn,
    progress: console.progress.update,
    signal: controller.signal,
    whole: (work) => {
      const promise = work()
      pending = promise
      return promise
    },
  }
}
