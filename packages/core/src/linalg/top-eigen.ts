import { DidNotConvergeError } from '../errors.ts'
import { declareParameters, graphBuilder, int, type Model, parameterInputs, type Stage } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import {
  identity,
  type Matrix,
  matrix,
  matrixTensor,
  rowOf,
  scalarTensor,
  seededRandom,
  type Tensor,
  takeColumns,
  tensorMatrix,
} from '../tensor/index.ts'
import type { Operator } from './operators.ts'
import { generalisedEigen } from './small-generalised-eigen.ts'
import type { Eigenpairs } from './symmetric-eigen.ts'

export interface TopEigenOptions {
  /**
   * A metric `G`, symmetric positive semidefinite: the operator `M` is then self-adjoint in `⟨u, v⟩ = uᵀGv` (`GM` is
   * symmetric) and the vectors come out with `VᵀGV = I`. Default: the identity.
   */
  readonly metric?: Matrix
  /** `n × m` vectors to begin with, from a similar problem: saves most of the work. */
  readonly start?: Matrix
  /** Largest residual `‖Mv − θv‖` of a wanted pair, as a part of the largest eigenvalue. Default 1e-8. */
  readonly tolerance?: number
}

/** Eigenpairs with the whole block that was iterated, to start the next similar problem from. */
export interface TopEigenpairs extends Eigenpairs {
  readonly block: Matrix
}

const MOST_ROUNDS = 100
const MOST_STEPS = 20

/**
 * The `k` largest eigenpairs of a positive semidefinite operator, by subspace iteration filtered with Chebyshev
 * polynomials (Zhou, Saad, Tiago and Chelikowsky 2006): all but small matrices runs as products on the runtime. A
 * block somewhat wider than `k` is multiplied by a polynomial that stays small on the unwanted part of the spectrum
 * and grows fast above it, then a Rayleigh–Ritz step takes the best vectors of its span. Deterministic. Gives fewer
 * than `k` pairs, at least one, where the operator or the metric has a smaller rank. Throws `DidNotConvergeError`.
 */
export async function topEigenpairs(
  runtime: Runtime,
  operator: Operator,
  k: number,
  options: TopEigenOptions = {},
): Promise<TopEigenpairs> {
  const n = operator.size
  const width = Math.min(n, k + Math.max(8, Math.ceil(k * 0.3)))
  const tolerance = options.tolerance ?? 1e-8
  const run = solver(runtime, operator.stage, options.metric)
  if (n <= 96 || width > 0.7 * n) {
    const pairs = await run.ritz(identity(n))
    const found = pairs.values.length
    return found === 0 ? vanishing(n) : take(pairs.values, pairs.block, Math.min(k, found))
  }
  const given = options.start?.columns === width ? options.start : undefined
  let state = await run.ritz(given ?? (await run.filter(randomBlock(n, width, 0), 0, 0, 1)))
  let refilled = 0
  for (let round = 0; ; round++) {
    const found = state.values.length
    const top = Math.max(state.values[0] ?? 0, 0)
    const residual = state.residuals.subarray(0, Math.min(k, found)).reduce((worst, r) => Math.max(worst, r), 0)
    // Fewer vectors than asked for count only where fresh ones did not add to them: else they were lost to rounding.
    if (residual <= tolerance * top && (found >= k || refilled >= found)) {
      return found === 0 ? vanishing(n) : take(state.values, state.block, Math.min(k, found))
    }
    if (round === MOST_ROUNDS) {
      throw new DidNotConvergeError(`eigenpairs 1 to ${k} of ${n}`, residual / top, 'ask for fewer components')
    }
    refilled = found < width ? found : 0
    const block = found < width ? besideEachOther(state.block, randomBlock(n, width - found, round + 1)) : state.block
    const cut = Math.max(state.values.at(-1) ?? 0, top * 1e-14)
    state = await run.ritz(await run.filter(block, cut / 2, cut / 2, filterDegree(top, cut, residual / top)))
  }
}

/**
 * How many steps of the recursion: as many as keep the block's columns independent in float64. Each vector holds the
 * largest ones' directions to the part `residual`, and a step lets that part grow by `e^growth`.
 */
function filterDegree(top: number, cut: number, residual: number): number {
  const growth = Math.acosh(Math.max((2 * top) / cut - 1, 1 + 1e-9))
  const bearable = Math.log(1e4 / Math.min(1, Math.max(residual, 1e-8)))
  return Math.min(Math.max(Math.floor(bearable / growth), 1), MOST_STEPS)
}

interface RitzPairs {
  readonly values: Float64Array
  /** `n × m` Ritz vectors. */
  readonly block: Matrix
  readonly residuals: Float64Array
}

/** The two kinds of work, each a graph: the filter's recursion, and what a Rayleigh–Ritz step needs. */
function solver(runtime: Runtime, stage: Stage, metric: Matrix | undefined) {
  const filterModel = buildFilter(stage)
  const projectModel = buildProjection(stage, metric !== undefined)
  const rotateModel = buildRotation(metric !== undefined)
  const weight: Record<string, Tensor> = metric === undefined ? {} : { g: matrixTensor(metric) }
  return {
    /** `steps` steps of the Chebyshev recursion for the interval `centre ± half`; plain powers where `half` is 0. */
    async filter(block: Matrix, centre: number, half: number, steps: number): Promise<Matrix> {
      const plain = half === 0
      const interval = {
        centre: scalarTensor(centre),
        scale: scalarTensor(plain ? 1 : 1 / half),
        ...parameterInputs(stage),
      }
      let previous: Tensor = matrixTensor(block)
      let current: Tensor = previous
      for (let step = 0; step < steps; step++) {
        const linear = plain || step === 0
        const { next } = await runtime.run(filterModel, {
          previous,
          current,
          doubling: scalarTensor(linear ? 1 : 2),
          memory: scalarTensor(linear ? 0 : 1),
          ...interval,
        })
        previous = current
        current = next!
      }
      return normaliseColumns(tensorMatrix(current))
    },
    /** The best approximations of eigenpairs in the span of the block's columns. */
    async ritz(block: Matrix): Promise<RitzPairs> {
      const v = matrixTensor(block)
      const { image, s, h } = await runtime.run(projectModel, { x: v, ...parameterInputs(stage), ...weight })
      const small = generalisedEigen(symmetrise(tensorMatrix(h!)), symmetrise(tensorMatrix(s!)))
      const outputs = await runtime.run(rotateModel, {
        v,
        image: image!,
        c: matrixTensor(small.vectors),
        theta: { type: 'float64', dims: [small.values.length], data: small.values },
        ...weight,
      })
      return {
        values: small.values,
        block: tensorMatrix(outputs.block!),
        residuals: outputs.residuals!.data as Float64Array,
      }
    },
  }
}

/** A step of the recursion: `next = doubling · (M − centre) scale · current − memory · previous`. */
function buildFilter(stage: Stage): Model {
  const graph = graphBuilder('chebyshev step')
  const previous = graph.input('previous', 'float64', ['n', 'm'])
  const current = graph.input('current', 'float64', ['n', 'm'])
  const scalar = (name: string) => graph.input(name, 'float64', [])
  const [centre, scale, doubling, memory] = [scalar('centre'), scalar('scale'), scalar('doubling'), scalar('memory')]
  const image = stage.build(graph, current, declareParameters(stage, graph))
  const shifted = graph.node('Sub', [image, graph.node('Mul', [current, centre])])
  const grown = graph.node('Mul', [shifted, graph.node('Mul', [scale, doubling])])
  const next = graph.node('Sub', [grown, graph.node('Mul', [previous, memory])])
  graph.output('next', next, 'float64', ['n', 'm'])
  return graph.model()
}

/** `MV`, `VᵀGV` and `VᵀGMV`. */
function buildProjection(stage: Stage, weighted: boolean): Model {
  const graph = graphBuilder('projection')
  const v = graph.input('x', 'float64', ['n', 'm'])
  const parameters = declareParameters(stage, graph)
  const image = stage.build(graph, v, parameters)
  const left = weighted ? graph.node('MatMul', [graph.input('g', 'float64', ['n', 'n']), v]) : v
  graph.output('image', image, 'float64', ['n', 'm'])
  graph.output('s', graph.node('Gemm', [v, left], { transA: int(1) }), 'float64', ['m', 'm'])
  graph.output('h', graph.node('Gemm', [left, image], { transA: int(1) }), 'float64', ['m', 'm'])
  return graph.model()
}

/** `VC` and the lengths of `MVC − VCΘ`'s columns. */
function buildRotation(weighted: boolean): Model {
  const graph = graphBuilder('rotation')
  const v = graph.input('v', 'float64', ['n', 'm'])
  const image = graph.input('image', 'float64', ['n', 'm'])
  const c = graph.input('c', 'float64', ['m', 'r'])
  const theta = graph.input('theta', 'float64', ['r'])
  const block = graph.node('MatMul', [v, c])
  const residual = graph.node('Sub', [graph.node('MatMul', [image, c]), graph.node('Mul', [block, theta])])
  const dual = weighted ? graph.node('MatMul', [graph.input('g', 'float64', ['n', 'n']), residual]) : residual
  const squared = graph.node(
    'ReduceSum',
    [graph.node('Mul', [residual, dual]), graph.constant({ type: 'int64', dims: [1], data: BigInt64Array.of(0n) })],
    { keepdims: int(0) },
  )
  graph.output('block', block, 'float64', ['n', 'r'])
  graph.output('residuals', graph.node('Sqrt', [graph.node('Abs', [squared])]), 'float64', ['r'])
  return graph.model()
}

function randomBlock(n: number, m: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const block = matrix(n, m)
  for (let i = 0; i < block.data.length; i++) block.data[i] = random.uniform() - 0.5
  return block
}

function besideEachOther(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows, a.columns + b.columns)
  for (let i = 0; i < a.rows; i++) {
    result.data.set(rowOf(a, i), i * result.columns)
    result.data.set(rowOf(b, i), i * result.columns + a.columns)
  }
  return result
}

function normaliseColumns(block: Matrix): Matrix {
  const lengths = new Float64Array(block.columns)
  for (let i = 0; i < block.data.length; i++) lengths[i % block.columns]! += block.data[i]! ** 2
  for (let j = 0; j < block.columns; j++) lengths[j] = lengths[j]! > 0 ? 1 / Math.sqrt(lengths[j]!) : 0
  for (let i = 0; i < block.data.length; i++) block.data[i]! *= lengths[i % block.columns]!
  return block
}

function symmetrise(m: Matrix): Matrix {
  const n = m.rows
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result.data[i * n + j] = (m.data[i * n + j]! + m.data[j * n + i]!) / 2
  }
  return result
}

/** What is left to say of an operator that sends everything to zero: one direction, any. */
const vanishing = (n: number): TopEigenpairs => {
  const vectors = takeColumns(identity(n), 0, 1)
  return { values: new Float64Array(1), vectors, block: vectors }
}

const take = (values: Float64Array, block: Matrix, k: number): TopEigenpairs => ({
  values: values.slice(0, k),
  vectors: takeColumns(block, 0, k),
  block,
})
