import { intsOf } from '../attribute-of.ts'
import { changed, int64Vector } from './nodes.ts'
import type { Step } from './step.ts'

/** `axes` of a reduction or of `Squeeze`, an attribute once, is an input; an empty list was as good as none. */
const optionalAxes = (since: number): readonly Step[] => [
  {
    since,
    rewrite(node, context) {
      const axes = intsOf(node, 'axes')
      if (axes === undefined) return [node]
      const inputs = axes.length === 0 ? [] : [context.constant(`${node.outputs[0]}_axes`, int64Vector(axes))]
      return [changed(node, { inputs: [node.inputs[0]!, ...inputs], drop: ['axes'] })]
    },
  },
]

/** `ReduceSum` and `Squeeze` took their axes as an input from 13 on. */
export const axesSince13 = optionalAxes(13)

/** The other reductions followed in 18. */
export const axesSince18 = optionalAxes(18)

/** `Unsqueeze` cannot go without axes. */
export const unsqueezeSteps: readonly Step[] = [
  {
    since: 13,
    rewrite(node, context) {
      const axes = context.constant(`${node.outputs[0]}_axes`, int64Vector(intsOf(node, 'axes') ?? []))
      return [changed(node, { inputs: [node.inputs[0]!, axes], drop: ['axes'] })]
    },
  },
]
