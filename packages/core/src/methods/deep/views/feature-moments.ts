import type { DeepRows } from '../trainer/deep-problem.ts'

/** The mean and the standard deviation of each feature of a domain. */
export function featureMoments({ rows, features, data }: DeepRows): {
  readonly means: Float64Array
  readonly deviations: Float64Array
} {
  const [means, squares] = [new Float64Array(features), new Float64Array(features)]
  data.forEach((value, at) => {
    means[at % features]! += value / rows
  })
  data.forEach((value, at) => {
    squares[at % features]! += (value - means[at % features]!) ** 2 / rows
  })
  return { means, deviations: squares.map(Math.sqrt) }
}
