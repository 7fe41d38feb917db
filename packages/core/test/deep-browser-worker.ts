import { webRuntime } from '../src/runtime/web.ts'
import { type DigitsTraining, digitFiles, digitsOf, trainDigits } from './deep-browser-training.ts'

/** What the worker tells the page. */
export type WorkerMessage =
  | { readonly kind: 'started' }
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'done'; readonly sourceOnly: DigitsTraining; readonly dann: DigitsTraining }
  | { readonly kind: 'failed'; readonly reason: string }

const tell = (message: WorkerMessage) => postMessage(message)

async function digits(part: keyof typeof digitFiles) {
  const response = await fetch(`/${digitFiles[part]}`)
  return digitsOf(part, new Uint8Array(await response.arrayBuffer()))
}

async function work() {
  const domains = { source: await digits('source'), target: await digits('target') }
  const runtime = await webRuntime({ threads: 1, files: '/node_modules/onnxruntime-web/dist/' })
  const sourceOnly = await trainDigits(runtime, 'source-only', domains)
  tell({ kind: 'started' })
  const dann = await trainDigits(runtime, 'dann', domains, (epoch) => tell({ kind: 'epoch', epoch }))
  tell({ kind: 'done', sourceOnly, dann })
}

work().catch((error: unknown) => tell({ kind: 'failed', reason: String((error as Error).stack ?? error) }))
