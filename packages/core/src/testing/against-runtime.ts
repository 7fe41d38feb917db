import { interpret, tensorValue, type Value } from '../interpreter/index.ts'
import { type Attribute, BUILT_OPSET, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { ElementType, Tensor } from '../tensor/index.ts'

/** A model and what to run it on. */
export interface Example {
  readonly model: Model
  readonly inputs: Readonly<Record<string, Tensor>>
}

export interface NodeOptions {
  /** Default: the operator set that Graft builds in. */
  readonly opset?: number
  /** How many outputs the node has; default 1. */
  readonly outputs?: number
  /** Places of the inputs that are stored in the model instead of given to it; default none. */
  readonly stored?: readonly number[]
}

/** A model of one node whose inputs are `input_0`, `input_1` and on, undefined ones absent, and its outputs `output_0` … */
export function oneNode(
  op: string,
  inputs: readonly (Tensor | undefined)[],
  attributes: Readonly<Record<string, Attribute>> = {},
  { opset = BUILT_OPSET, outputs = 1, stored = [] }: NodeOptions = {},
): Example {
  const names = inputs.map((each, i) => (each === undefined ? '' : `input_${i}`))
  const named = inputs.flatMap((each, i) => (each === undefined ? [] : [{ i, name: names[i], tensor: each }]))
  const fed = named.filter(({ i }) => !stored.includes(i))
  const results = Array.from({ length: outputs }, (_, i) => `output_${i}`)
  const model: Model = {
    irVersion: 8,
    opsets: { '': opset },
    producer: { name: 'test', version: '' },
    metadata: {},
    graph: {
      name: op,
      nodes: [{ op, domain: '', name: 'node', inputs: names, outputs: results, attributes }],
      inputs: fed.map(({ name, tensor: { type, dims } }) => ({ name, type, dims })),
      outputs: results.map((name) => ({ name })),
      initializers: new Map(named.filter(({ i }) => stored.includes(i)).map(({ name, tensor }) => [name, tensor])),
      values: [],
    },
  }
  return { model, inputs: Object.fromEntries(fed.map(({ name, tensor }) => [name, tensor])) }
}

/** How far the interpreter may be from ONNX Runtime, by the type of the output: |difference| / (1 + |expected|). */
const defaultTolerance = (type: ElementType): number => (type === 'float32' ? 1e-5 : type === 'float64' ? 1e-12 : 0)

/**
 * Where the interpreter and ONNX Runtime give different outputs for a model, one line per output; nothing where they
 * agree: in kind and shape, and in every number within `tolerance` (by default 1e-5 in float32, 1e-12 in float64,
 * nothing otherwise) of `1 + |expected|`.
 */
export async function disagreements(
  runtime: Runtime,
  { model, inputs }: Example,
  tolerance?: number,
): Promise<string[]> {
  const expected = await runtime.run(model, inputs)
  const { values } = interpret(model, inputs)
  return model.graph.outputs.flatMap(({ name }) => {
    const reference = expected[name]!
    const got = values.get(name)
    const what =
      got === undefined ? 'nothing' : difference(got, reference, tolerance ?? defaultTolerance(reference.type))
    return what === undefined ? [] : [`${model.graph.name}, ${name}: ${what}`]
  })
}

function difference(got: Value, tensor: Tensor, tolerance: number): string | undefined {
  const expected = tensorValue(tensor)
  const [ours, theirs] = [got, expected].map(({ kind, dims }) => `${kind} [${dims.join(', ')}]`)
  if (ours !== theirs || got.data.length !== expected.data.length) return `got ${ours}, expected ${theirs}`
  const at = got.data.findIndex((x, i) => !isNear(x, expected.data[i]!, tolerance))
  return at < 0 ? undefined : `element ${at} of ${ours} is ${got.data[at]}, expected ${expected.data[at]}`
}

const isNear = (x: number, expected: number, tolerance: number): boolean =>
  Object.is(x, expected) ||
  x === expected ||
  (Number.isFinite(expected) && Math.abs(x - expected) <= tolerance * (1 + Math.abs(expected)))
