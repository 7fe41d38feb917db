import { text } from '../builder.ts'
import { changed } from './nodes.ts'
import type { Step } from './step.ts'

/** From 16 on regions are moved by half a pixel unless the node says that they are not, as none was before. */
export const roiAlignSteps: readonly Step[] = [
  {
    since: 16,
    rewrite: (node) => [changed(node, { set: { coordinate_transformation_mode: text('output_half_pixel') } })],
  },
]
