/** Graft's side, in the page: `?case=NETWORK`. */
import { webRuntime } from 'graft-learn'
import { stepper } from '../training-steps.mjs'
import { timed } from './timing.mjs'

export async function inBrowser() {
  const name = new URL(import.meta.url).searchParams.get('case')
  const runtime = await webRuntime({
    threads: crossOriginIsolated ? 2 : 1,
    files: '/node_modules/onnxruntime-web/dist/',
  })
  return { ...(await timed(await stepper(runtime, name))), isolated: crossOriginIsolated }
}
