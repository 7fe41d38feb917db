import type { Model } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** Where a graph runs. */
export type Provider = 'cpu' | 'wasm' | 'webgpu' | 'cuda'

export interface RuntimeOptions {
  /** Default: `cpu` in Node, `wasm` in browsers. */
  readonly provider?: Provider
  /** Threads inside one operator; default: the runtime's own choice. */
  readonly threads?: number
  /** How many sessions stay loaded, at least one; the one not used for longest is released first. Default 64. */
  readonly cachedSessions?: number
}

export type Tensors = Readonly<Record<string, Tensor>>

export interface RunOptions {
  /**
   * Whether ONNX Runtime may fuse and fold operators. Default true. Not for a graph that gives back what lies inside it:
   * some fusions take away a value although it is an output (Gather with the indices of Range, in version 1.30).
   */
  readonly optimise?: boolean
}

/**
 * Runs graphs on ONNX Runtime, one run at a time in the order of the calls. Sessions are cached by graph (the same
 * object, or one of equal content) and released by age and by `release`: do not change a model or a file's bytes after
 * its first run. What goes wrong, in ONNX Runtime too, is an `InvalidInputError` that names the graph.
 */
export interface Runtime {
  readonly provider: Provider
  /** Runs a model: inputs by name in (those it has, no others), outputs by name out. Inputs are not changed. */
  run(model: Model, inputs: Tensors, options?: RunOptions): Promise<Tensors>
  /** Runs the bytes of an ONNX file as they are. */
  runFile(file: Uint8Array, inputs: Tensors): Promise<Tensors>
  /** Releases all sessions once runs under way have ended; the runtime may be used again afterwards. */
  release(): Promise<void>
}
