import { InvalidInputError } from '../errors.ts'
import type { Model } from '../onnx/index.ts'
import { computesInFloat64 } from './float64.ts'
import type { Provider, Runtime, RuntimeOptions } from './runtime.ts'
import { createRuntime, type OnnxRuntimeModule } from './sessions.ts'

export interface WebRuntimeOptions extends RuntimeOptions {
  /**
   * Folder (a URL ending in `/`) from which the page itself serves onnxruntime-web's files:
   * `ort-wasm-simd-threaded.wasm` and `.mjs`, for WebGPU `ort-wasm-simd-threaded.asyncify.wasm` and `.mjs` too. Default:
   * beside the script, which is right in Node and where a bundler puts them.
   */
  readonly files?: string
}

/**
 * A runtime on onnxruntime-web (WebAssembly, in browsers and in Node; or WebGPU), which must be installed beside this
 * package. With `webgpu`, graphs in float64 run in WebAssembly: no graphics processor has float64 there, and
 * onnxruntime-web's WebGPU files hold no float64 at all. `files` and `threads` hold for the whole page:
 * onnxruntime-web reads them once, when it first makes a session.
 */
export async function webRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const wasm = configured(await loaded(() => import('onnxruntime-web/wasm')), options, 'wasm')
  if ((options.provider ?? 'wasm') === 'wasm') return wasm
  const webgpu = configured(await loaded(() => import('onnxruntime-web/webgpu')), options, 'webgpu')
  const choices = new WeakMap<Model | Uint8Array, Runtime>()
  const choose = (owner: Model | Uint8Array): Runtime => {
    const choice = choices.get(owner) ?? (computesInFloat64(owner) ? wasm : webgpu)
    choices.set(owner, choice)
    return choice
  }
  return {
    provider: 'webgpu',
    run: (model, inputs) => choose(model).run(model, inputs),
    runFile: (file, inputs) => choose(file).runFile(file, inputs),
    release: async () => {
      await Promise.all([wasm.release(), webgpu.release()])
    },
  }
}

type WebModule = typeof import('onnxruntime-web')

/** The whole package's own entry holds 28 MB of everything; each of the others what it needs. */
async function loaded(load: () => Promise<WebModule>): Promise<WebModule> {
  const ort = await load().catch(() => undefined)
  if (ort === undefined) throw new InvalidInputError('onnxruntime-web is not installed: npm install onnxruntime-web')
  return ort
}

function configured(ort: WebModule, options: WebRuntimeOptions, provider: Provider): Runtime {
  if (options.files !== undefined) ort.env.wasm.wasmPaths = options.files
  if (options.threads !== undefined) ort.env.wasm.numThreads = options.threads
  return createRuntime(ort as unknown as OnnxRuntimeModule, provider, options)
}
