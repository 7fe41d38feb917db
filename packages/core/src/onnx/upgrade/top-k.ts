import { intOf } from '../attribute-of.ts'
import { changed, int64Vector } from './nodes.ts'
import type { Step } from './step.ts'

/** How many elements are wanted is an input from 10 on. */
export const topKSteps: readonly Step[] = [
  {
    since: 10,
    rewrite(node, context) {
      const k = context.constant(`${node.outputs[0]}_k`, int64Vector([intOf(node, 'k', 1)]))
      return [changed(node, { inputs: [node.inputs[0]!, k], drop: ['k'] })]
    },
  },
]
