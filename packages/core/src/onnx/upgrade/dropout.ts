import { changed, ownNode } from './nodes.ts'
import type { Step } from './step.ts'
import { float32Scalar } from './typed.ts'

/**
 * The mask is of truth values from 10 on, and the ratio an input from 12 on. What the mask holds outside training is
 * said by 12 and later only (all true), and that is what an older model's mask becomes.
 */
export const dropoutSteps: readonly Step[] = [
  {
    since: 10,
    rewrite(node, context) {
      const [y, mask = ''] = node.outputs
      if (!context.isRead(mask)) return [changed(node, { outputs: [y!] })]
      const kept = context.fresh(`${mask}_kept`)
      return [changed(node, { outputs: [y!, kept] }), ownNode('CastLike', [kept, node.inputs[0]!], [mask])]
    },
  },
  {
    since: 12,
    rewrite(node, context) {
      const { ratio } = node.attributes
      if (ratio?.type !== 'float') return [node]
      const input = float32Scalar(ratio.value, `${node.outputs[0]}_ratio`, context)
      return [changed(node, { inputs: [node.inputs[0]!, input], drop: ['ratio'] })]
    },
  },
]
