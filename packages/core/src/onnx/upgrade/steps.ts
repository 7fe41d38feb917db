import { axesSince13, axesSince18, unsqueezeSteps } from './axes.ts'
import { batchNormalizationSteps } from './batch-normalization.ts'
import { clipSteps } from './clip.ts'
import { dropoutSteps } from './dropout.ts'
import { padSteps } from './pad.ts'
import { resizeSteps, upsampleSteps } from './resize.ts'
import { roiAlignSteps } from './roi-align.ts'
import { scanSteps } from './scan.ts'
import { scatterSteps } from './scatter.ts'
import { sliceSteps } from './slice.ts'
import { softmaxSteps } from './softmax.ts'
import { splitSteps } from './split.ts'
import type { Step } from './step.ts'
import { topKSteps } from './top-k.ts'

/**
 * The operators that changed between 7 and 18 so that an older node would not be valid, or would mean something else,
 * with their changes from old to new. All others took more types, attributes whose default is what was, or negative
 * axes, none of which touches a model that did without.
 */
export const steps: Readonly<Record<string, readonly Step[]>> = {
  BatchNormalization: batchNormalizationSteps,
  Clip: clipSteps,
  Dropout: dropoutSteps,
  Hardmax: softmaxSteps,
  LogSoftmax: softmaxSteps,
  Pad: padSteps,
  ReduceL1: axesSince18,
  ReduceL2: axesSince18,
  ReduceLogSum: axesSince18,
  ReduceLogSumExp: axesSince18,
  ReduceMax: axesSince18,
  ReduceMean: axesSince18,
  ReduceMin: axesSince18,
  ReduceProd: axesSince18,
  ReduceSum: axesSince13,
  ReduceSumSquare: axesSince18,
  Resize: resizeSteps,
  RoiAlign: roiAlignSteps,
  Scan: scanSteps,
  Scatter: scatterSteps,
  Slice: sliceSteps,
  Softmax: softmaxSteps,
  Split: splitSteps,
  Squeeze: axesSince13,
  TopK: topKSteps,
  Unsqueeze: unsqueezeSteps,
  Upsample: upsampleSteps,
}
