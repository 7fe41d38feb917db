import { floatOf } from '../attribute-of.ts'
import { changed } from './nodes.ts'
import type { Step } from './step.ts'
import { scalarLike, type Typed } from './typed.ts'

/** The largest float32: the older form's defaults are this and its negative. */
const LARGEST = 3.4028234663852886e38

/** The limits are inputs from 11 on, and absent ones are the ends of the input's type. */
export const clipSteps: readonly Step[] = [
  {
    since: 11,
    rewrite(node, context) {
      const x = node.inputs[0]!
      const unlimited: Typed = { name: '', nodes: [] }
      const limit = (name: string, byDefault: number): Typed => {
        const value = floatOf(node, name, byDefault)
        const isEnd = value === byDefault && context.known.find(x).type !== 'float64'
        return isEnd ? unlimited : scalarLike(value, x, `${node.outputs[0]}_${name}`, context)
      }
      const [min, max] = [limit('min', -LARGEST), limit('max', LARGEST)]
      const clip = changed(node, { inputs: [x, min.name, max.name], drop: ['min', 'max'] })
      return [...min.nodes, ...max.nodes, clip]
    },
  },
]
