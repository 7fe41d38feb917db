import { intOf } from '../attribute-of.ts'
import { int } from '../builder.ts'
import type { Dimension } from '../model.ts'
import { changed, ownNode } from './nodes.ts'
import type { Step } from './step.ts'

/**
 * Before 13, `Softmax`, `LogSoftmax` and `Hardmax` took all axes from `axis` (1 by default) on as one. Where that is
 * one axis in truth, the axis is set; else the input is flattened before and gets its shape back afterwards.
 */
export const softmaxSteps: readonly Step[] = [
  {
    since: 13,
    rewrite(node, context) {
      const [x, y] = [node.inputs[0]!, node.outputs[0]!]
      const axis = intOf(node, 'axis', 1)
      const single = singleAxis(axis, context.known.find(x).dims)
      if (single !== undefined) return [changed(node, { set: { axis: int(single) } })]
      const [flat, result, shape] = ['flat', 'result', 'shape'].map((part) => context.fresh(`${y}_${part}`))
      return [
        ownNode('Flatten', [x], [flat!], { axis: int(axis) }),
        changed(node, { inputs: [flat!], outputs: [result!], set: { axis: int(-1) } }),
        ownNode('Shape', [x], [shape!]),
        ownNode('Reshape', [result!, shape!], [y], { allowzero: int(1) }),
      ]
    },
  },
]

/** The only axis from `axis` on that is not of size 1; undefined where there are several, or may be. */
function singleAxis(axis: number, dims: readonly Dimension[] | undefined): number | undefined {
  if (axis === -1) return -1
  if (dims === undefined) return undefined
  const first = axis < 0 ? axis + dims.length : axis
  const wide = dims.flatMap((dim, i) => (i >= first && dim !== 1 ? [i] : []))
  if (wide.length > 1) return undefined
  const single = wide[0] ?? dims.length - 1
  return single === dims.length - 1 ? -1 : single
}
