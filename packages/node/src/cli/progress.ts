/** How far the work has come, on a terminal as a bar that is redrawn, elsewhere as a line now and then. */
export interface Progress {
  /** `done` of `total` steps of the task called `label`. */
  update(label: string, done: number, total: number): void
  /** Takes the bar off the screen, so that something else can be printed. */
  clear(): void
}

/** The part of a stream that progress needs. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): boolean
}

const BAR_WIDTH = 24
const REDRAW_MS = 80
const LINE_MS = 5000

export function createProgress(stream: ProgressStream, quiet: boolean, now: () => number = Date.now): Progress {
  let drawn = false
  let last = now()
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[K')
    drawn = false
  }
  if (quiet) return { update: () => {}, clear }
  if (!stream.isTTY) {
    return {
      update: (label, done, total) => {
        if (now() - last < LINE_MS) return
        last = now()
        stream.write(`${label}: ${done} of ${total}\n`)
      },
      clear,
    }
  }
  return {
    update: (label, done, total) => {
      if (done < total && now() - last < REDRAW_MS) return
      last = now()
      stream.write(`\r\u001b[K${bar(label, done, total).slice(0, (stream.columns || 80) - 1)}`)
      drawn = true
    },
    clear,
  }
}

function bar(label: string, done: number, total: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1
  const filled = Math.round(share * BAR_WIDTH)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.round(share * 100)}% ${label}`
}
