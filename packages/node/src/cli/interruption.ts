import { INTERRUPTED } from './failure.ts'

/** Knows what is finished, for the case that the work is interrupted. */
export interface Interruption {
  /** A result is on disk. */
  saved(where: string): void
  /** Runs work that an interruption must not cut in two: it waits for its end. */
  whole<T>(work: () => Promise<T>): Promise<T>
}

/** From now on SIGINT and SIGTERM say what was saved and end the process with 130. */
export function watchInterruption(): Interruption {
  const finished: string[] = []
  let pending: Promise<unknown> = Promise.resolve()
  const stop = async (): Promise<void> => {
    await pending.catch(() => undefined)
    // What `pending` leads to, such as `saved`, goes first.
    await new Promise(setImmediate)
    const saved = finished.length === 0 ? 'nothing was finished' : `finished and saved: ${finished.join(', ')}`
    process.stderr.write(`\ninterrupted; ${saved}\n`, () => process.exit(INTERRUPTED))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  return {
    saved: (where) => finished.push(where),
    whole: (work) => {
      const promise = work()
      pending = promise
      return promise
    },
  }
}
