import type { Model } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** Where a graph runs. */
export type Provider = 'cpu' | 'wasm' | 'webgpu' | 'cuda'

export interface RuntimeOptions {
  /** Default: `cpu` in Node, `wasm` in browsers. */
  readonly provider?: Provider
  /** Threads inside one operator; default: the runtime's own choice. */
  readonly threads?: number
  /** How many sessions stay loaded; the one not used for longest is released first. Default 64. */
  readonly cachedSessions?: number
}

export type Tensors = Readonly<Record<string, Tensor>>

/** Runs graphs on ONNX Runtime. Sessions are cached by graph and released by age and by `release`. */
export interface Runtime {
  readonly provider: Provider
  /** Runs a model: inputs by name in, outputs by name out. Inputs are not changed. */
  run(model: Model, inputs: Tensors): Promise<Tensors>
  /** Runs the bytes of an ONNX file as they are. */
  runFile(file: Uint8Array, inputs: Tensors): Promise<Tensors>
  /** Releases all sessions; the runtime may be used again afterwards. */
  release(): Promise<void>
}
