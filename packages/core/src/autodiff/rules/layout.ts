import type { Rule } from '../rule.ts'
import { concat } from './concat.ts'
import { cumSum } from './cum-sum.ts'
import { depthToSpace } from './depth-to-space.ts'
import { dropout } from './dropout.ts'
import { expand } from './expand.ts'
import { flatten } from './flatten.ts'
import { gather } from './gather.ts'
import { gatherElements } from './gather-elements.ts'
import { gatherND } from './gather-nd.ts'
import { gridSample } from './grid-sample.ts'
import { pad } from './pad.ts'
import { reshape } from './reshape.ts'
import { resize } from './resize.ts'
import { reverseSequence } from './reverse-sequence.ts'
import { scatterElements } from './scatter-elements.ts'
import { scatterND } from './scatter-nd.ts'
import { slice } from './slice.ts'
import { spaceToDepth } from './space-to-depth.ts'
import { split } from './split.ts'
import { squeeze } from './squeeze.ts'
import { tile } from './tile.ts'
import { topK } from './top-k.ts'
import { transpose } from './transpose.ts'
import { trilu } from './trilu.ts'
import { unsqueeze } from './unsqueeze.ts'

/** Operators that move, choose or repeat elements. */
export const layoutRules: readonly Rule[] = [
  concat,
  cumSum,
  depthToSpace,
  dropout,
  expand,
  flatten,
  gather,
  gatherElements,
  gatherND,
  gridSample,
  pad,
  reshape,
  resize,
  reverseSequence,
  scatterElements,
  scatterND,
  slice,
  spaceToDepth,
  split,
  squeeze,
  tile,
  topK,
  transpose,
  trilu,
  unsqueeze,
]
