import { floatOf, intsOf, textOf } from '../attribute-of.ts'
import { changed, int64Vector } from './nodes.ts'
import type { Step } from './step.ts'
import { scalarLike, type Typed } from './typed.ts'

/** The widths and the value of the padding are inputs from 11 on. */
export const padSteps: readonly Step[] = [
  {
    since: 11,
    rewrite(node, context) {
      const [x, hint] = [node.inputs[0]!, node.outputs[0]]
      const pads = context.constant(`${hint}_pads`, int64Vector(intsOf(node, 'pads') ?? []))
      const value = floatOf(node, 'value', 0)
      const isFilled = textOf(node, 'mode', 'constant') === 'constant' && value !== 0
      const filling: Typed = isFilled ? scalarLike(value, x, `${hint}_value`, context) : { name: '', nodes: [] }
      return [...filling.nodes, changed(node, { inputs: [x, pads, filling.name], drop: ['pads', 'value'] })]
    },
  },
]
