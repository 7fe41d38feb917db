import { z } from 'zod'
import type { Value } from '../../../onnx/index.ts'
import type { DeepStep } from '../trainer/deep-step.ts'

/** The same layer in both domains. */
export interface AlignedLayer {
  /** `N_s × width`. */
  readonly source: Value
  /** `N_t × width`. */
  readonly target: Value
}

/** How many hidden layers a method aligns. */
export const hiddenLayers = (count: number) =>
  z
    .number()
    .int()
    .min(0)
    .default(count)
    .describe('hidden layers that are aligned besides the classifier’s output, counted from the last')

/** The last `count` hidden layers, or as many as there are, first to last. */
export const lastLayers = ({ source, target, layers }: DeepStep, count: number): AlignedLayer[] =>
  layers
    .map((_, i) => i)
    .slice(Math.max(0, layers.length - count))
    .map((i) => ({ source: source.layers[i]!, target: target.layers[i]! }))
