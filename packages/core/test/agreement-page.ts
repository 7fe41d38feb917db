import type { Runtime } from '../src/runtime/runtime.ts'
import { webRuntime } from '../src/runtime/web.ts'
import { agreementCases } from './agreement.ts'

const files = '/node_modules/onnxruntime-web/dist/'

/** Runs in the page: the results of all agreement cases. */
export async function inBrowser(): Promise<BrowserResults> {
  const wasm = await results(await webRuntime({ threads: 2, files }))
  const adapter = await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter()
  const webgpu = adapter ? await results(await webRuntime({ provider: 'webgpu', files })) : null
  return { isolated: crossOriginIsolated, results: { wasm, webgpu } }
}

async function results(runtime: Runtime): Promise<CaseResults> {
  const all: Record<string, BrowserTensors> = {}
  for (const { name, model, inputs } of agreementCases()) {
    const outputs = Object.entries(await runtime.run(model, inputs))
    all[name] = Object.fromEntries(
      outputs.map(([output, { type, dims, data }]) => [
        output,
        [type, dims, Array.from<unknown, string>(data, String)],
      ]),
    )
  }
  await runtime.release()
  return all
}

/** Type, dimensions and elements as text, by output. */
export type BrowserTensors = Readonly<Record<string, readonly [string, readonly number[], readonly string[]]>>

export type CaseResults = Readonly<Record<string, BrowserTensors>>

export interface BrowserResults {
  /** Whether the page may use threads. */
  readonly isolated: boolean
  /** By provider; null where the browser has no adapter for it. */
  readonly results: Readonly<Record<'wasm' | 'webgpu', CaseResults | null>>
}
