import { UnsupportedOperatorError } from '../../errors.ts'
import { floatOf, intOf } from '../attribute-of.ts'
import { int } from '../builder.ts'
import type { Node } from '../model.ts'
import { changed, ownNode } from './nodes.ts'
import type { Step, StepContext } from './step.ts'
import { scalarLike } from './typed.ts'

/** Whether the node trains: before 14, that it did was said by outputs beyond the first. */
const trains = (node: Node): boolean => node.outputs.some((name, i) => i > 0 && name !== '')

/**
 * Statistics for each position (`spatial` 0) went in 9; such a node becomes arithmetic. From 14 on `training_mode`
 * says that a node trains, and the statistics of the batch are no longer among its outputs.
 */
export const batchNormalizationSteps: readonly Step[] = [
  {
    since: 9,
    rewrite(node, context) {
      const isSpatial = intOf(node, 'spatial', 1) !== 0
      return isSpatial ? [changed(node, { drop: ['spatial'] })] : normalizePositions(node, context)
    },
  },
  {
    since: 14,
    rewrite(node, context) {
      if (!trains(node)) return [changed(node, { outputs: [node.outputs[0]!] })]
      const [y, mean, variance, ...ofBatch] = node.outputs
      if (ofBatch.some(context.isRead)) {
        throw new UnsupportedOperatorError(
          [{ operator: node.op, node: node.name }],
          'its outputs saved_mean and saved_var were taken out in opset 14: export the model without them',
        )
      }
      const outputs = [y!, mean || context.fresh(`${y}_mean`), variance || context.fresh(`${y}_variance`)]
      return [changed(node, { outputs, set: { training_mode: int(1) } })]
    },
  },
]

/** `(x − mean) / √(variance + ε) · scale + offset`, all of them `C × D₁ × …`. */
function normalizePositions(node: Node, context: StepContext): readonly Node[] {
  if (trains(node)) {
    throw new UnsupportedOperatorError(
      [{ operator: node.op, node: node.name }],
      'it trains with spatial = 0, which went in opset 9: export the model for inference',
    )
  }
  const [x, scale, offset, mean, variance] = node.inputs as [string, string, string, string, string]
  const y = node.outputs[0]!
  const epsilon = scalarLike(floatOf(node, 'epsilon', 1e-5), variance, `${y}_epsilon`, context)
  const [shifted, centred, deviation, normal, scaled] = ['shifted', 'centred', 'deviation', 'normal', 'scaled'].map(
    (part) => context.fresh(`${y}_${part}`),
  ) as [string, string, string, string, string]
  return [
    ...epsilon.nodes,
    ownNode('Add', [variance, epsilon.name], [shifted]),
    ownNode('Sqrt', [shifted], [deviation]),
    ownNode('Sub', [x, mean], [centred]),
    ownNode('Div', [centred, deviation], [normal]),
    ownNode('Mul', [normal, scale], [scaled]),
    ownNode('Add', [scaled, offset], [y]),
  ]
}
