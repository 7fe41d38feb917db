import { DivergedError } from '../errors.ts'
import { describeNode, type Model, type Node } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** How bad the worst number of a tensor is. */
const FINITE = 0
const INFINITE = 1
const NO_NUMBER = 2

function badness({ type, data }: Tensor): number {
  if (type !== 'float32' && type !== 'float64') return FINITE
  const numbers = data as Float32Array | Float64Array
  let worst = FINITE
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    if (Number.isFinite(number)) continue
    if (Number.isNaN(number)) return NO_NUMBER
    worst = INFINITE
  }
  return worst
}

/** The first of several tensors that holds a number that is infinite or none. */
export const firstBroken = (tensors: Tensors): string | undefined =>
  Object.keys(tensors).find((name) => badness(tensors[name]!) > FINITE)

/** What a step is given. */
export interface Given {
  readonly state: Tensors
  readonly batch: Tensors
  readonly scalars: Tensors
}

/**
 * Finds where a step's numbers became infinite or none: in what it was given, or, by running the graph once more with
 * everything inside it as outputs, in the first node on the way to `broken` that made such a number of finite ones.
 * Infinities that the loss does not take over, as those of an attention mask, do not count.
 */
export async function diagnose(
  runtime: Runtime,
  model: Model,
  given: Given,
  broken: string,
  at: { readonly step: number; readonly learningRate: number; readonly loss: number },
): Promise<DivergedError> {
  const parameter = firstBroken(given.state)
  if (parameter !== undefined)
    return new DivergedError({ ...at, tensor: parameter }, 'an update before this step overflowed')
  const { graph } = model
  const inputs = { ...given.batch, ...given.state, ...given.scalars }
  const outputs = graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== '').map((name) => ({ name })))
  const computed = await runtime.run({ ...model, graph: { ...graph, outputs } }, inputs)
  const all = new Map(Object.entries({ ...Object.fromEntries(graph.initializers), ...inputs, ...computed }))
  const worst = new Map([...all].map(([name, tensor]) => [name, badness(tensor)]))
  const { nodes, values } = infectedBy(graph.nodes, worst, broken)
  const level = (names: readonly string[]) => Math.max(FINITE, ...names.map((name) => worst.get(name) ?? FINITE))
  const infected = (least: number) =>
    Object.keys(given.batch).find((name) => values.has(name) && worst.get(name)! >= least)
  const made = (most: number) =>
    nodes.find((node) => level(node.inputs) <= most && level(node.inputs) < level(node.outputs))

  const data = infected(NO_NUMBER)
  const node = made(FINITE)
  const input = data ?? (node === undefined ? infected(INFINITE) : undefined)
  if (input !== undefined)
    return new DivergedError({ ...at, tensor: input }, 'the batch itself holds it: check the data')
  const culprit = node ?? made(INFINITE)
  const name = culprit?.outputs.find((output) => level([output]) > level(culprit.inputs))
  if (culprit === undefined || name === undefined)
    return new DivergedError({ ...at, tensor: broken }, 'a second run of the step did not show where')
  return new DivergedError({ ...at, tensor: name }, `${describeNode(culprit)} gave it on the way to "${broken}"`)
}

/** The broken values that made `last` what it is, and the nodes that gave them, in the graph's order. */
function infectedBy(
  all: readonly Node[],
  worst: ReadonlyMap<string, number>,
  last: string,
): { nodes: Node[]; values: ReadonlySet<string> } {
  const values = new Set([last])
  const isBroken = (name: string) => (worst.get(name) ?? FINITE) > FINITE
  const nodes = [...all].reverse().filter((node) => {
    if (!node.outputs.some((name) => values.has(name) && isBroken(name))) return false
    for (const name of node.inputs.filter(isBroken)) values.add(name)
    return true
  })
  return { nodes: nodes.reverse(), values }
}
