import type { DeepRows } from '../trainer/deep-problem.ts'
import type { View } from '../trainer/domain-batches.ts'
import { contrast } from './contrast.ts'
import { cutout } from './cutout.ts'
import { droppedFeatures } from './dropped-features.ts'
import { featureMoments } from './feature-moments.ts'
import { imageDims } from './image-dims.ts'
import { inTurn } from './in-turn.ts'
import { noisy } from './noisy.ts'
import { shifted } from './shifted.ts'
import { warped } from './warped.ts'

/** Two ways to change rows at random without changing their classes. */
export interface RandomViews {
  /** A change so small that predictions stay right. */
  readonly weak: View
  /** One that makes a row hard to recognise. */
  readonly strong: View
}

/**
 * Views of a domain's rows, whose sizes are `dims`. Images (`channels × height × width`): moved by up to an eighth, as in Sohn 2020;
 * the strong view also turned, stretched, of other contrast and with a part covered. They are not mirrored, as a digit would not
 * stay what it is. Other rows: with noise, of a tenth or half of each feature's deviation; the strong view also with a
 * fifth of the features dropped.
 */
export function randomViews(domain: DeepRows, dims: readonly number[], strength = 1): RandomViews {
  const image = imageDims(dims)
  if (image === undefined) {
    const { means, deviations } = featureMoments(domain)
    return {
      weak: noisy(deviations, 0.1 * strength),
      strong: inTurn(noisy(deviations, 0.5 * strength), droppedFeatures(means, Math.min(0.2 * strength, 1))),
    }
  }
  const move = shifted(image, 0.125 * strength)
  return {
    weak: move,
    strong: inTurn(
      warped(image, { turn: 20 * strength, stretch: 0.2 * strength }),
      move,
      contrast(0.5 * strength),
      cutout(image, 0.35 * strength),
    ),
  }
}
