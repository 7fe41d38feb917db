import { graphBuilder, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrixTensor, tensorMatrix } from '../tensor/index.ts'
import { columnSums } from './column-sums.ts'
import { gramParts, halvesOf, joinSymmetric } from './symmetric-blocks.ts'

/** The scatter of a sample around its mean row. */
export interface Scatter {
  /** `d` elements. */
  readonly mean: Float64Array
  /** `Σᵢ (xᵢ − mean)(xᵢ − mean)ᵀ`, `d × d`. */
  readonly products: Matrix
}

/** Mean and scatter of the rows of `x` (`n × d`), the rows being centred before they are multiplied. */
export async function scatter(runtime: Runtime, x: Matrix): Promise<Scatter> {
  const { halves } = halvesOf(x.columns)
  const inputs = { x: matrixTensor(x) }
  const { mean, products } =
    halves === undefined ? await runtime.run(wholeModel, inputs) : await runtime.run(blockModel, { ...inputs, halves })
  return { mean: mean!.data as Float64Array, products: tensorMatrix(products!) }
}

const wholeModel = scatterModel(false)
const blockModel = scatterModel(true)

function scatterModel(inBlocks: boolean): Model {
  const graph = graphBuilder('scatter')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const { mean } = columnSums(graph, x)
  const halves = inBlocks ? graph.input('halves', 'int64', [2]) : undefined
  const products = gramParts(graph, graph.node('Sub', [x, mean]), halves)
  graph.output('mean', mean, 'float64', ['d'])
  graph.output('products', joinSymmetric(graph, products), 'float64', ['d', 'd'])
  return graph.model()
}
