import { differentiate, gradientName, lowered } from '../autodiff/index.ts'
import { interpret } from '../interpreter/index.ts'
import { builderOn, type GraphBuilder, graphBuilder, type Model, upgradeModel, type Value } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** Inputs as rows of numbers; a scalar or a list is one row. */
export type Rows = Readonly<Record<string, readonly (readonly number[])[]>>

export interface Fragment {
  readonly inputs: Tensors
  /** Appends the loss to a graph that has the inputs under their names, and gives its value, a scalar. */
  readonly build: (graph: GraphBuilder) => Value
  /** The same in plain numbers. What passes no gradient is to be computed from `held`. */
  readonly formula: (moving: Rows, held: Rows) => number
  /** The inputs whose gradients are looked at, and their factors: 1, or `−λ` behind a reversal. */
  readonly by: Readonly<Record<string, number>>
}

export interface FragmentCheck {
  /** What ONNX Runtime computes. */
  readonly value: number
  /** The error of the graph in float64 against the formula: of its value, and of its gradients against central differences. */
  readonly exact: number
  /** The same as ONNX Runtime runs it. */
  readonly run: number
  /** The gradients as ONNX Runtime computes them. */
  readonly gradients: Readonly<Record<string, readonly number[]>>
}

/** A model with the output `value`: a fragment of the inputs. */
export function fragmentModel(inputs: Tensors, build: (graph: GraphBuilder) => Value): Model {
  const start = graphBuilder('fragment')
  for (const [name, { type, dims }] of Object.entries(inputs)) start.input(name, type, dims)
  const graph = builderOn(upgradeModel(start.model()))
  graph.output('value', build(graph), 'float32', [])
  return graph.model()
}

/** Compares a fragment, its value and its gradients, with a formula. Errors are relative to 1 where numbers are smaller. */
export async function checkFragment(
  runtime: Runtime,
  { inputs, build, formula, by }: Fragment,
): Promise<FragmentCheck> {
  const model = fragmentModel(inputs, build)
  const names = Object.keys(by)
  const graph = await differentiate(runtime, model, { loss: 'value', parameters: names, inputs })
  const needed = Object.fromEntries(graph.graph.inputs.map(({ name }) => [name, inputs[name]!]))
  const exactly = interpret(graph, needed).values
  const ran = await runtime.run(graph, needed)
  const at = rowsOf(inputs)
  const value = formula(at, at)
  const expected = names.map((name) => differences(formula, at, name).map((slope) => by[name]! * slope))
  const errors = (numbers: (name: string) => ArrayLike<number>) => [
    Math.abs(numbers('value')[0]! - value) / Math.max(1, Math.abs(value)),
    ...names.map((name, i) => relative(numbers(gradientName(name)), expected[i]!)),
  ]
  const asRun = (name: string) => Array.from(ran[name]!.data as Float32Array)
  return {
    value: asRun('value')[0]!,
    exact: worst(errors((name) => exactly.get(name)!.data)),
    run: worst(errors(asRun)),
    gradients: Object.fromEntries(names.map((name) => [name, asRun(gradientName(name))])),
  }
}

/** The value of a fragment in float64. */
export function interpretFragment(inputs: Tensors, build: (graph: GraphBuilder) => Value): number[] {
  const model = fragmentModel(inputs, build)
  const plain = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.map(lowered) } }
  return Array.from(interpret(plain, inputs).values.get('value')!.data)
}

/** NaN counts as the worst of all. */
const worst = (errors: readonly number[]): number => (errors.some(Number.isNaN) ? Number.NaN : Math.max(...errors))

function relative(got: ArrayLike<number>, expected: readonly number[]): number {
  if (got.length !== expected.length) return Number.NaN
  return Math.hypot(...expected.map((each, i) => got[i]! - each)) / Math.max(1, Math.hypot(...expected))
}

function rowsOf(inputs: Tensors): Rows {
  const rows = ({ data, dims }: Tensor): number[][] => {
    const width = dims.length > 1 ? dims.at(-1)! : data.length
    const numbers = Array.from(data as ArrayLike<number | bigint>, Number)
    return Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width))
  }
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, rows(tensor)]))
}

function differences(formula: Fragment['formula'], at: Rows, name: string, step = 1e-5): number[] {
  const moved = (row: number, column: number, by: number): Rows => ({
    ...at,
    [name]: at[name]!.map((each, i) => (i === row ? each.map((x, j) => (j === column ? x + by : x)) : each)),
  })
  return at[name]!.flatMap((row, i) =>
    row.map((_, j) => (formula(moved(i, j, step), at) - formula(moved(i, j, -step), at)) / (2 * step)),
  )
}
