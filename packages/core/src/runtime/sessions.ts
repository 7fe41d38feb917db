import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-common'
import { InvalidInputError } from '../errors.ts'
import { type Model, writeModel } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { fingerprint } from './fingerprint.ts'
import { computesInFloat64 } from './float64.ts'
import type { Provider, RunOptions, Runtime, RuntimeOptions, Tensors } from './runtime.ts'
import { fromRuntime, type RuntimeTensorConstructor, reasonOf, toRuntime } from './values.ts'

/** What onnxruntime-node and onnxruntime-web have in common. */
export interface OnnxRuntimeModule {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: RuntimeTensorConstructor
}

/**
 * Threads wait awake for 20 microseconds for the next operator of a run, and asleep after it. Every session has threads
 * of its own: where idle ones spin on the cores that the next session needs, products in several sessions in turn take
 * twice their time; where threads fall asleep after every operator, a step of many small ones takes a fifth longer.
 */
const threadSettings = {
  intra_op: { allow_spinning: '1', spin_duration_us: '20' },
  inter_op: { allow_spinning: '0' },
  force_spinning_stop: '1',
}

/** Wraps an ONNX Runtime package as a `Runtime`. */
export function createRuntime(ort: OnnxRuntimeModule, provider: Provider, options: RuntimeOptions = {}): Runtime {
  const limit = Math.max(1, options.cachedSessions ?? 64)
  const keys = new WeakMap<Model | Uint8Array, string>()
  /** Least recently used first. */
  const sessions = new Map<string, InferenceSession>()
  const exclusively = oneAtATime()

  async function create(
    bytes: Uint8Array,
    owner: Model | Uint8Array,
    { optimise = true }: RunOptions,
  ): Promise<InferenceSession> {
    try {
      return await ort.InferenceSession.create(bytes, {
        executionProviders: [provider],
        // Beyond "basic", Transpose and MatMul fuse into a kernel that has no float64 form.
        graphOptimizationLevel: optimise ? (computesInFloat64(owner) ? 'basic' : 'all') : 'disabled',
        // Faults are thrown with ONNX Runtime's own words; it need not print them as well.
        logSeverityLevel: 4,
        extra: { session: threadSettings },
        ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
      })
    } catch (error) {
      throw new InvalidInputError(
        `ONNX Runtime (${provider}) cannot load ${described(owner)}: ${reasonOf(error)}. Check that the model is whole, and its operators and opset are among those of the installed version`,
      )
    }
  }

  /** The owner's session: found by identity, else by content, else made. */
  async function sessionFor(owner: Model | Uint8Array, options: RunOptions): Promise<InferenceSession> {
    const level = options.optimise === false ? ' as it is' : ''
    const known = keys.get(owner)
    const found = known === undefined ? undefined : sessions.get(known + level)
    if (known !== undefined && found !== undefined) return touch(known + level, found)
    const bytes = owner instanceof Uint8Array ? owner : writeModel(owner)
    const content = fingerprint(bytes)
    keys.set(owner, content)
    const key = content + level
    const session = touch(key, sessions.get(key) ?? (await create(bytes, owner, options)))
    for (const [oldest, unused] of sessions) {
      if (sessions.size <= limit) break
      sessions.delete(oldest)
      await unused.release()
    }
    return session
  }

  /** Makes the session the most recently used one. */
  function touch(key: string, session: InferenceSession): InferenceSession {
    sessions.delete(key)
    sessions.set(key, session)
    return session
  }

  async function run(owner: Model | Uint8Array, inputs: Tensors, options: RunOptions = {}): Promise<Tensors> {
    const session = await sessionFor(owner, options)
    checkNames(owner, session.inputNames, Object.keys(inputs))
    const feeds: Record<string, RuntimeTensor> = {}
    for (const name of session.inputNames) feeds[name] = toRuntime(ort.Tensor, name, inputs[name]!)
    const outputs = await session.run(feeds).catch((error: unknown) => {
      throw new InvalidInputError(`ONNX Runtime (${provider}) failed in ${described(owner)}: ${reasonOf(error)}`)
    })
    const results: Record<string, Tensor> = {}
    for (const name of Object.keys(outputs)) results[name] = fromRuntime(name, outputs[name]!)
    return results
  }

  return {
    provider,
    run: (model, inputs, how) => exclusively(() => run(model, inputs, how)),
    runFile: (file, inputs) => exclusively(() => run(file, inputs)),
    release: () =>
      exclusively(async () => {
        const open = [...sessions.values()]
        sessions.clear()
        for (const session of open) await session.release()
      }),
  }
}

/**
 * Work one after another, in the order of the calls. `session.run` blocks its thread anyway, onnxruntime-web refuses
 * overlapping runs on a graphics processor, and so no session is made twice, or released while it runs.
 */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/** ONNX Runtime ignores inputs that it does not know, and so a mistake in a name: not here. */
function checkNames(owner: Model | Uint8Array, needed: readonly string[], given: readonly string[]): void {
  const [neededNames, givenNames] = [new Set(needed), new Set(given)]
  const missing = needed.filter((name) => !givenNames.has(name))
  const unknown = given.filter((name) => !neededNames.has(name))
  if (missing.length === 0 && unknown.length === 0) return
  const advice = [
    missing.length === 0 ? undefined : `add ${quoted(missing)}`,
    unknown.length === 0 ? undefined : `leave out ${quoted(unknown)}`,
  ].filter((part) => part !== undefined)
  throw new InvalidInputError(
    `${described(owner)} needs the inputs ${quoted(needed)}, got ${quoted(given) || 'none'}: ${advice.join(', ')}`,
  )
}

const described = (owner: Model | Uint8Array): string =>
  owner instanceof Uint8Array ? `the model file of ${owner.length} bytes` : `the graph "${owner.graph.name}"`

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
