import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-common'
import { type Model, readModel, writeModel } from '../onnx/index.ts'
import type { ElementType, Tensor } from '../tensor/index.ts'
import type { Provider, Runtime, RuntimeOptions } from './runtime.ts'

/** What onnxruntime-node and onnxruntime-web have in common. */
export interface OnnxRuntimeModule {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: new (type: ElementType, data: Tensor['data'], dims: readonly number[]) => RuntimeTensor
}

/** Wraps an ONNX Runtime package as a `Runtime`. */
export function createRuntime(ort: OnnxRuntimeModule, provider: Provider, options: RuntimeOptions = {}): Runtime {
  const limit = options.cachedSessions ?? 64
  const keys = new WeakMap<Model | Uint8Array, string>()
  const sessions = new Map<string, Promise<InferenceSession>>()

  const create = (bytes: Uint8Array, model: Model | undefined): Promise<InferenceSession> =>
    ort.InferenceSession.create(bytes, {
      executionProviders: [provider],
      // Beyond "basic", Transpose and MatMul fuse into a kernel that has no float64 form.
      graphOptimizationLevel: model === undefined || computesInFloat64(model) ? 'basic' : 'all',
      logSeverityLevel: 3,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    })

  /** The owner's session: found by identity, else by content, else made. */
  async function sessionFor(owner: Model | Uint8Array): Promise<InferenceSession> {
    const known = keys.get(owner)
    const found = known === undefined ? undefined : sessions.get(known)
    if (known !== undefined && found !== undefined) return touch(known, found)
    const isFile = owner instanceof Uint8Array
    const bytes = isFile ? owner : writeModel(owner)
    const key = fingerprint(bytes)
    keys.set(owner, key)
    const session = sessions.get(key) ?? create(bytes, isFile ? readOrNothing(owner) : owner)
    touch(key, session)
    session.catch(() => sessions.delete(key))
    await evict()
    return session
  }

  /** Makes the session the most recently used one. */
  function touch(key: string, session: Promise<InferenceSession>): Promise<InferenceSession> {
    sessions.delete(key)
    sessions.set(key, session)
    return session
  }

  async function evict(): Promise<void> {
    for (const [key, session] of sessions) {
      if (sessions.size <= limit) return
      sessions.delete(key)
      await (await session).release()
    }
  }

  async function runSession(session: InferenceSession, inputs: Readonly<Record<string, Tensor>>) {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, t]) => [name, new ort.Tensor(t.type, t.data, t.dims)]),
    )
    const outputs = await session.run(feeds)
    return Object.fromEntries(
      Object.entries(outputs).map(([name, t]): [string, Tensor] => [
        name,
        { type: t.type as ElementType, dims: t.dims, data: t.data as Tensor['data'] },
      ]),
    )
  }

  return {
    provider,
    run: async (model, inputs) => runSession(await sessionFor(model), inputs),
    runFile: async (file, inputs) => runSession(await sessionFor(file), inputs),
    release: async () => {
      const open = [...sessions.values()]
      sessions.clear()
      for (const session of open) await (await session).release()
    },
  }
}

/** Whether any of a graph's work is in float64. */
function computesInFloat64({ graph }: Model): boolean {
  return (
    graph.inputs.some((input) => input.type === 'float64') ||
    [...graph.initializers.values()].some((t) => t.type === 'float64') ||
    graph.nodes.some((node) => node.op === 'Cast' && Number(node.attributes.to?.value) === 11)
  )
}

function readOrNothing(file: Uint8Array): Model | undefined {
  try {
    return readModel(file)
  } catch {
    return undefined
  }
}

/** Two 32-bit FNV-1a hashes and the length: enough to tell a program's own graphs apart. */
function fingerprint(bytes: Uint8Array): string {
  let a = 0x811c9dc5
  let b = 0x01234567
  for (let i = 0; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193)
    b = Math.imul(b + bytes[i]!, 0x85ebca6b) ^ (b >>> 13)
  }
  return `${bytes.length}:${a >>> 0}:${b >>> 0}`
}
