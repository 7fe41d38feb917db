import { InvalidInputError } from '../errors.ts'
import { builderOn, type GraphBuilder, type Model, upgradeModel, type Value } from '../onnx/index.ts'
import type { Tensors } from '../runtime/index.ts'
import { inputOf, type LossTerm, number } from './losses/loss-term.ts'

/** The output that holds the weighted sum of all losses. */
export const LOSS = 'loss'

/** The output of one loss, before its weight. */
export const lossName = (term: LossTerm): string => `loss/${term.name}`

/**
 * The model, at opset 18 or above, with scalar outputs `loss/NAME` for each loss and `loss` for their weighted sum.
 * `batch` is an example of all inputs, targets included. A loss of weight 0 is measured only. Throws `InvalidInputError` for two losses of one name.
 */
export function withLoss(model: Model, losses: readonly LossTerm[], batch: Tensors): Model {
  if (losses.length === 0) throw new InvalidInputError('there is no loss: give one or more')
  const names = losses.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InvalidInputError(`two losses are called "${twice}": give each its own \`name\``)
  const graph = builderOn(upgradeModel(model))
  const parts = losses.flatMap((term) => {
    const value = term.build(graph, batch)
    graph.output(lossName(term), value, 'float32', [])
    return term.weight === 0 ? [] : [weighted(graph, batch, value, term.weight)]
  })
  if (parts.length === 0) throw new InvalidInputError('every loss has the weight 0: give one that is to be minimised')
  graph.output(LOSS, parts.length === 1 ? parts[0]! : graph.node('Sum', parts), 'float32', [])
  return graph.model()
}

function weighted(graph: GraphBuilder, batch: Tensors, value: Value, weight: number | string | undefined): Value {
  if (weight === undefined || weight === 1) return value
  const factor =
    typeof weight === 'string' ? inputOf(graph, batch, weight, 'the factor of a loss') : number(graph, weight)
  return graph.node('Mul', [value, factor])
}
