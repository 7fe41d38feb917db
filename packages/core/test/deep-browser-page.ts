import type { DigitsTraining } from './deep-browser-training.ts'
import type { WorkerMessage } from './deep-browser-worker.ts'

/** Trainings in a worker, and how the page fared meanwhile. */
export interface BrowserTraining {
  readonly sourceOnly: DigitsTraining
  readonly dann: DigitsTraining
  /** When the page drew while DANN was trained, in milliseconds from its start. */
  readonly frames: readonly number[]
  /** When the page heard of each epoch's end, and of the training's. */
  readonly epochs: readonly number[]
  readonly milliseconds: number
}

/** Runs in the page: trains in a worker and counts frames. */
export function inBrowser(): Promise<BrowserTraining> {
  const worker = new Worker(new URL('./deep-browser-worker.ts', import.meta.url), { type: 'module' })
  const frames: number[] = []
  const epochs: number[] = []
  let start = Number.POSITIVE_INFINITY
  const draw = () => {
    const now = performance.now() - start
    if (now >= 0) frames.push(now)
    document.title = `epoch ${epochs.length}, frame ${frames.length}`
    requestAnimationFrame(draw)
  }
  requestAnimationFrame(draw)
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`))
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'failed') reject(new Error(data.reason))
      else if (data.kind === 'started') start = performance.now()
      else if (data.kind === 'epoch') epochs.push(performance.now() - start)
      else {
        const { sourceOnly, dann } = data
        resolve({ sourceOnly, dann, frames: [...frames], epochs, milliseconds: performance.now() - start })
      }
    }
  })
}
