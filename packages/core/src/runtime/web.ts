import { InvalidInputError } from '../errors.ts'
import type { Runtime, RuntimeOptions } from './runtime.ts'
import { createRuntime, type OnnxRuntimeModule } from './sessions.ts'

export interface WebRuntimeOptions extends RuntimeOptions {
  /** Folder (a URL ending in `/`) from which the page itself serves onnxruntime-web's `.wasm` and `.mjs` files. */
  readonly files?: string
}

/** A runtime on onnxruntime-web (WebAssembly or WebGPU), which must be installed beside this package. */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const ort = await import('onnxruntime-web').catch(() => undefined)
  if (ort === undefined) throw new InvalidInputError('onnxruntime-web is not installed: npm install onnxruntime-web')
  if (options.files !== undefined) ort.env.wasm.wasmPaths = options.files
  if (options.threads !== undefined) ort.env.wasm.numThreads = options.threads
  return createRuntime(ort as unknown as OnnxRuntimeModule, options.provider ?? 'wasm', options)
}
