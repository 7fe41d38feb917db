import { graphBuilder, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrixTensor, scalarTensor, tensorMatrix } from '../tensor/index.ts'
import { columnSums } from './column-sums.ts'
import { addIdentity, eachPart, gramParts, joinSymmetric, runBySize, wholeOrBlocks } from './symmetric-blocks.ts'

/** The scatter of a sample around its mean row. */
export interface Scatter {
  /** `d` elements. */
  readonly mean: Float64Array
  /** `Σᵢ (xᵢ − mean)(xᵢ − mean)ᵀ`, `d × d`. */
  readonly products: Matrix
}

/** Mean and scatter of the rows of `x` (`n × d`), the rows being centred before they are multiplied. */
export async function scatter(runtime: Runtime, x: Matrix): Promise<Scatter> {
  const { mean, products } = await runBySize(runtime, scatterModels, x.columns, { x: matrixTensor(x) })
  return { mean: mean!.data as Float64Array, products: tensorMatrix(products!) }
}

/** The sample covariance of the rows of `x` (divided by `n − 1`) plus `ridge · I`. */
export async function regularisedCovariance(runtime: Runtime, x: Matrix, ridge: number): Promise<Matrix> {
  const inputs = {
    x: matrixTensor(x),
    divisor: scalarTensor(Math.max(x.rows - 1, 1)),
    ridge: scalarTensor(ridge),
  }
  const { products } = await runBySize(runtime, covarianceModels, x.columns, inputs)
  return tensorMatrix(products!)
}

const scatterModels = wholeOrBlocks((inBlocks) => scatterModel(inBlocks, false))
const covarianceModels = wholeOrBlocks((inBlocks) => scatterModel(inBlocks, true))

function scatterModel(inBlocks: boolean, regularised: boolean): Model {
  const graph = graphBuilder(regularised ? 'covariance' : 'scatter')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const { mean } = columnSums(graph, x)
  const halves = inBlocks ? graph.input('halves', 'int64', [2]) : undefined
  let products = gramParts(graph, graph.node('Sub', [x, mean]), halves)
  if (regularised) {
    const divisor = graph.input('divisor', 'float64', [])
    const scaled = eachPart(products, (part) => graph.node('Div', [part, divisor]))
    products = addIdentity(graph, scaled, graph.input('ridge', 'float64', []))
  } else {
    graph.output('mean', mean, 'float64', ['d'])
  }
  graph.output('products', joinSymmetric(graph, products), 'float64', ['d', 'd'])
  return graph.model()
}
