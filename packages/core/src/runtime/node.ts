import { InvalidInputError } from '../errors.ts'
import type { Runtime, RuntimeOptions } from './runtime.ts'
import { createRuntime, type OnnxRuntimeModule } from './sessions.ts'

/** A runtime on onnxruntime-node, which must be installed beside this package. */
export async function nodeRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const ort = await import('onnxruntime-node').catch(() => undefined)
  if (ort === undefined) throw new InvalidInputError('onnxruntime-node is not installed: npm install onnxruntime-node')
  return createRuntime(ort as unknown as OnnxRuntimeModule, options.provider ?? 'cpu', options)
}
