import { differentiate, gradientName, lowered } from '../autodiff/index.ts'
import { type Interpretation, interpret, type Value, value } from '../interpreter/index.ts'
import type { Model, Node } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../tensor/index.ts'
import type { Example } from './against-runtime.ts'

export interface GradientCheck {
  /** The largest relative error of the gradient graph, run in float64, against central differences in float64. */
  readonly exact: number
  /** The largest relative error of the gradient graph, run by ONNX Runtime in the model's own type. */
  readonly run: number
}

/**
 * Differentiates `Σᵢⱼ wᵢⱼ yᵢⱼ` over all float outputs `yᵢ` of a model, with random weights `w`, by each of its float inputs
 * (or those named), and compares with central differences of the interpreter, which knows nothing of the rules. A
 * relative error is `‖g − g_ref‖₂ / (‖g_ref‖₂ + 10⁻³ · max ‖g_ref‖₂)`, over at most `probes` random elements an input.
 * Differences know no markers: where a gradient is stopped, this holds only if nothing was lost by it.
 */
export async function checkGradient(
  runtime: Runtime,
  example: Example,
  { by, step = 1e-5, probes = 24 }: { by?: readonly string[]; step?: number; probes?: number } = {},
): Promise<GradientCheck> {
  const { inputs } = example
  const outputs = interpret(unmarked(example.model), inputs).values
  const model = withLoss(example.model, outputs, floatTypeOf(inputs))
  const parameters = by ?? Object.keys(inputs).filter((name) => inputs[name]!.type.startsWith('float'))
  const differentiated = await differentiate(runtime, model, { loss: 'loss', parameters, inputs })
  const needed = Object.fromEntries(differentiated.graph.inputs.map(({ name }) => [name, inputs[name]!]))
  const exactly = interpret(differentiated, needed).values
  const ran = await runtime.run(differentiated, needed)
  const whole = interpret(unmarked(model), inputs)
  const random = seededRandom(7)

  const rows = parameters.map((name) => {
    const at = whole.values.get(name)!
    const chosen = Array.from({ length: Math.min(probes, at.data.length) }, (_, i) =>
      at.data.length <= probes ? i : Math.floor(random.uniform() * at.data.length),
    )
    const name_ = gradientName(name)
    return {
      reference: chosen.map((i) => centralDifference(whole, name, at, i, step)),
      exact: chosen.map((i) => exactly.get(name_)!.data[i]!),
      run: chosen.map((i) => Number(ran[name_]!.data[i])),
    }
  })
  const largest = Math.max(...rows.map(({ reference }) => norm(reference)))
  const worst = (pick: 'exact' | 'run') =>
    Math.max(
      ...rows.map(
        (row) => norm(row[pick].map((g, i) => g - row.reference[i]!)) / (norm(row.reference) + 1e-3 * largest || 1),
      ),
    )
  return { exact: worst('exact'), run: worst('run') }
}

/** The model as ONNX Runtime knows it. */
const unmarked = (model: Model): Model => ({
  ...model,
  graph: { ...model.graph, nodes: model.graph.nodes.map(lowered) },
})

const norm = (numbers: readonly number[]): number => Math.hypot(...numbers)

const floatTypeOf = (inputs: Readonly<Record<string, Tensor>>): 'float32' | 'float64' =>
  Object.values(inputs).some(({ type }) => type === 'float64') ? 'float64' : 'float32'

function centralDifference(whole: Interpretation, name: string, at: Value, index: number, step: number): number {
  const width = step * Math.max(1, Math.abs(at.data[index]!))
  const loss = (offset: number): number => {
    const data = at.data.slice()
    data[index] = data[index]! + offset
    return whole.withChanged(name, value(at.kind, at.dims, data), 'loss').data[0]!
  }
  return (loss(width) - loss(-width)) / (2 * width)
}

/** The model with a scalar output `loss`: the sum over its float outputs, each element times a random weight. */
function withLoss(model: Model, values: ReadonlyMap<string, Value>, type: 'float32' | 'float64'): Model {
  const random = seededRandom(1)
  const initializers = new Map(model.graph.initializers)
  const parts = model.graph.outputs.filter(({ name }) => values.get(name)?.kind === 'float')
  const nodes: Node[] = parts.flatMap(({ name }, i) => {
    const { dims } = values.get(name)!
    const size = dims.reduce((product, dim) => product * dim, 1)
    const numbers = Array.from(
      { length: size },
      () => Math.fround(random.uniform() + 0.5) * (random.uniform() < 0.3 ? -1 : 1),
    )
    const data = type === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers)
    initializers.set(
      `weights_${i}`,
      type === 'float64' ? tensor(type, dims, data as Float64Array) : tensor('float32', dims, data as Float32Array),
    )
    return [
      plain('Mul', [name, `weights_${i}`], `weighted_${i}`),
      plain('ReduceSum', [`weighted_${i}`], `sum_${i}`, true),
    ]
  })
  nodes.push(
    plain(
      'Sum',
      parts.map((_, i) => `sum_${i}`),
      'loss',
    ),
  )
  return {
    ...model,
    graph: {
      ...model.graph,
      nodes: [...model.graph.nodes, ...nodes],
      outputs: [{ name: 'loss', type, dims: [] }],
      initializers,
    },
  }
}

const plain = (op: string, inputs: string[], output: string, scalar = false): Node => ({
  op,
  domain: '',
  name: output,
  inputs,
  outputs: [output],
  attributes: scalar ? { keepdims: { type: 'int', value: 0 } } : {},
})
