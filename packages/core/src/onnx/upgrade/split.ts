import { intsOf } from '../attribute-of.ts'
import { int } from '../builder.ts'
import { changed, int64Vector } from './nodes.ts'
import type { Step } from './step.ts'

/** The sizes are an input from 13 on, and from 18 on a split into equal parts says how many. */
export const splitSteps: readonly Step[] = [
  {
    since: 13,
    rewrite(node, context) {
      const sizes = intsOf(node, 'split')
      const inputs = sizes === undefined ? [] : [context.constant(`${node.outputs[0]}_sizes`, int64Vector(sizes))]
      return [changed(node, { inputs: [node.inputs[0]!, ...inputs], drop: ['split'] })]
    },
  },
  {
    since: 18,
    rewrite: (node) =>
      (node.inputs[1] ?? '') === '' ? [changed(node, { set: { num_outputs: int(node.outputs.length) } })] : [node],
  },
]
