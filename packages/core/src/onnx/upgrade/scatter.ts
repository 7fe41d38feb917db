import { changed } from './nodes.ts'
import type { Step } from './step.ts'

/** `Scatter` is called `ScatterElements` from 11 on. */
export const scatterSteps: readonly Step[] = [
  { since: 11, rewrite: (node) => [changed(node, { op: 'ScatterElements' })] },
]
