/** Mean and sum of squared deviations of each channel over what was seen so far. */
export interface RunningMoments {
  readonly count: number
  readonly mean: Float64Array
  readonly deviations: Float64Array
}

/** Nothing seen yet, `channels` of them. */
export const noMoments = (channels: number): RunningMoments => ({
  count: 0,
  mean: new Float64Array(channels),
  deviations: new Float64Array(channels),
})

/** With `count` values more a channel, of these means and population variances (Chan, Golub, LeVeque 1983). */
export function withMoments(
  before: RunningMoments,
  count: number,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
): RunningMoments {
  const total = before.count + count
  if (count === 0) return before
  const gaps = before.mean.map((value, c) => mean[c]! - value)
  return {
    count: total,
    mean: before.mean.map((value, c) => value + (gaps[c]! * count) / total),
    deviations: before.deviations.map(
      (value, c) => value + variance[c]! * count + (gaps[c]! ** 2 * before.count * count) / total,
    ),
  }
}
