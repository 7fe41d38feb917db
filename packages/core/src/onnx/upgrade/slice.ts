import { changed, int64Vector } from './nodes.ts'
import type { Step } from './step.ts'

/** `starts`, `ends` and `axes` are inputs from 10 on. */
export const sliceSteps: readonly Step[] = [
  {
    since: 10,
    rewrite(node, context) {
      const lists = ['starts', 'ends', 'axes']
      const inputs = lists.map((list) => {
        const attribute = node.attributes[list]
        if (attribute?.type !== 'ints') return ''
        return context.constant(`${node.outputs[0]}_${list}`, int64Vector(attribute.value))
      })
      return [changed(node, { inputs: [node.inputs[0]!, ...inputs], drop: lists })]
    },
  },
]
