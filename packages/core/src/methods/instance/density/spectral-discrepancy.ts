import {
  gramParts,
  joinSymmetric,
  multiplySymmetric,
  runBySize,
  type SymmetricParts,
  splitSymmetric,
  wholeOrBlocks,
} from '../../../linalg/index.ts'
import { type GraphBuilder, graphBuilder, int, type Model, type Value } from '../../../onnx/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import {
  integerTensor,
  type Matrix,
  matrixTensor,
  scalarTensor,
  takeRows,
  tensor,
  tensorMatrix,
} from '../../../tensor/index.ts'

/** How often matrices are squared for each of the norms, from the smoothest to the one closest to the spectral norm. */
export const SQUARINGS: readonly number[] = [1, 2, 3, 4, 5, 6, 7]

/** `M(q) = Σ_i q_i x_i x_iᵀ − T` for `x` (`n × d`), `t` (`d × d`) and `n` weights >= 0; rows of weight 0 are not read. */
export async function momentDifference(runtime: Runtime, x: Matrix, t: Matrix, weights: Float64Array): Promise<Matrix> {
  const used = Int32Array.from(weights.keys()).filter((i) => weights[i] !== 0)
  const { y } = await runBySize(runtime, differenceModels, x.columns, {
    x: matrixTensor(takeRows(x, used)),
    t: matrixTensor(t),
    roots: tensor(
      'float64',
      [used.length, 1],
      Float64Array.from(used, (i) => Math.sqrt(weights[i])),
    ),
  })
  return tensorMatrix(y!)
}

const differenceModels = wholeOrBlocks((inBlocks) => {
  const graph = graphBuilder('moment difference')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const t = graph.input('t', 'float64', ['d', 'd'])
  const rows = graph.node('Mul', [x, graph.input('roots', 'float64', ['n', 1])])
  const products = joinSymmetric(graph, gramParts(graph, rows, halvesInput(graph, inBlocks)))
  graph.output('y', graph.node('Sub', [products, t]), 'float64', ['d', 'd'])
  return graph.model()
})

function halvesInput(graph: GraphBuilder, inBlocks: boolean): Value | undefined {
  return inBlocks ? graph.input('halves', 'int64', [2]) : undefined
}

/**
 * `F = ½ ‖M‖_r²` in Schatten's norm `(Σ_j |λ_j|^r)^(1/r)`, `r = 2^squarings + 2`, and `∂F/∂M` (`d × d`). Smooth, and between
 * the spectral norm's square and `d^(2/r)` times it, both halved. Powers of the matrix are enough, so it is all products, of
 * symmetric matrices that commute.
 */
export async function halfSquaredNorm(runtime: Runtime, m: Matrix, squarings: number) {
  const { value, gradient } = await runBySize(runtime, normModels[SQUARINGS.indexOf(squarings)]!, m.rows, {
    m: matrixTensor(m),
  })
  return { value: Number(value!.data[0]), gradient: tensorMatrix(gradient!) }
}

/** `F` alone, with one product less. */
export async function halfSquaredNormValue(runtime: Runtime, m: Matrix, squarings: number): Promise<number> {
  const models = valueModels[SQUARINGS.indexOf(squarings)]!
  const { value } = await runBySize(runtime, models, m.rows, { m: matrixTensor(m) })
  return Number(value!.data[0])
}

/** What the graphs of a norm share: scalars, and products of symmetric matrices in parts. */
function normGraph(name: string, inBlocks: boolean) {
  const graph = graphBuilder(name)
  const m = graph.input('m', 'float64', ['d', 'd'])
  const scalar = (value: number) => graph.constant(scalarTensor(value))
  const times = (value: Value, part: number) => graph.node('Mul', [value, scalar(part)])
  const positive = (value: Value) => graph.node('Max', [value, scalar(Number.MIN_VALUE)])
  const inner = (a: SymmetricParts, b: SymmetricParts) => {
    const parts = a.map((part, i) => graph.node('ReduceSum', [graph.node('Mul', [part, b[i]!])], { keepdims: int(0) }))
    // The block beside the diagonal stands for two.
    return graph.node('Sum', parts.length === 1 ? parts : [...parts, parts[1]!])
  }
  const sizeOf = (parts: SymmetricParts) => positive(graph.node('Sqrt', [inner(parts, parts)]))
  const divided = (parts: SymmetricParts, by: Value) =>
    parts.map((part) => graph.node('Div', [part, by])) as unknown as SymmetricParts
  const halves = halvesInput(graph, inBlocks)
  const whole: SymmetricParts = halves === undefined ? [m] : splitSymmetric(graph, m, halves)
  const size = sizeOf(whole)
  const a = divided(whole, size)
  /** `A^(2^count) / e^s`, brought to norm 1 after each squaring, and `s`. */
  const power = (count: number) => {
    let result = a
    let scale = scalar(0)
    for (let k = 0; k < count; k++) {
      const square = multiplySymmetric(graph, result, result)
      const norm = sizeOf(square)
      result = divided(square, norm)
      scale = graph.node('Add', [times(scale, 2), graph.node('Log', [norm])])
    }
    return { power: result, scale }
  }
  return { graph, times, positive, inner, size, a, power }
}

/**
 * With `A = M / ‖M‖_F` and `B = A^(2^k) / e^s`: `tr Aʳ = e^s τ`, `τ = tr(BA·A)`, and the slope of `‖A‖_r` is
 * `BA · exp(s/r − (1 − 1/r) log τ)`.
 */
function normModel(squarings: number, inBlocks: boolean): Model {
  const { graph, times, positive, inner, size, a, ...given } = normGraph(`Schatten norm ${squarings}`, inBlocks)
  const { power, scale } = given.power(squarings)
  const r = 2 ** squarings + 2
  const slope = multiplySymmetric(graph, power, a)
  const logTrace = graph.node('Log', [positive(inner(slope, a))])
  const norm = graph.node('Mul', [size, graph.node('Exp', [times(graph.node('Add', [scale, logTrace]), 1 / r)])])
  const factor = graph.node('Exp', [graph.node('Sub', [times(scale, 1 / r), times(logTrace, 1 - 1 / r)])])
  graph.output('value', times(graph.node('Mul', [norm, norm]), 0.5), 'float64', [])
  const whole = joinSymmetric(graph, slope)
  graph.output('gradient', graph.node('Mul', [whole, graph.node('Mul', [norm, factor])]), 'float64', ['d', 'd'])
  return graph.model()
}

/** With `C = A^(2^(k−1)) / e^s`, `tr Aʳ = e^(2s) ‖CA‖_F²`. */
function valueModel(squarings: number, inBlocks: boolean): Model {
  const { graph, times, positive, inner, size, a, ...given } = normGraph(`Schatten norm's value ${squarings}`, inBlocks)
  const { power, scale } = given.power(squarings - 1)
  const product = multiplySymmetric(graph, power, a)
  const logTrace = graph.node('Add', [times(scale, 2), graph.node('Log', [positive(inner(product, product))])])
  const norm = graph.node('Mul', [size, graph.node('Exp', [times(logTrace, 1 / (2 ** squarings + 2))])])
  graph.output('value', times(graph.node('Mul', [norm, norm]), 0.5), 'float64', [])
  return graph.model()
}

const normModels = SQUARINGS.map((squarings) => wholeOrBlocks((inBlocks) => normModel(squarings, inBlocks)))
const valueModels = SQUARINGS.map((squarings) => wholeOrBlocks((inBlocks) => valueModel(squarings, inBlocks)))

/** `x_iᵀ G x_i` for each row of `x` (`n × d`) and a symmetric `G` (`d × d`): what `⟨G, M(q)⟩` gains by `q_i`. */
export async function quadraticForms(runtime: Runtime, x: Matrix, g: Matrix): Promise<Float64Array> {
  const { y } = await runtime.run(formsModel, { x: matrixTensor(x), g: matrixTensor(g) })
  return y!.data as Float64Array
}

const formsModel: Model = (() => {
  const graph = graphBuilder('quadratic forms')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const along = graph.node('Mul', [graph.node('MatMul', [x, graph.input('g', 'float64', ['d', 'd'])]), x])
  const columns = graph.constant(integerTensor([1]))
  graph.output('y', graph.node('ReduceSum', [along, columns], { keepdims: int(0) }), 'float64', ['n'])
  return graph.model()
})()
