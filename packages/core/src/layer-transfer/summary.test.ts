import { expect, it } from 'vitest'
import type { TransferRun } from './options.ts'
import { estimate, summariseTransfer } from './summary.ts'
import { runName, type Treatment } from './treatments.ts'

/** One run of each score given, a score for each repetition. */
const runs = (treatment: Treatment, cut: number, scores: number[], task: 'A' | 'B' = 'B'): TransferRun[] =>
  scores.map((accuracy, repetition) => {
    const planned = { repetition, treatment, cut, task }
    return { ...planned, name: runName(planned), accuracy, trainAccuracy: 1, loss: 0 }
  })

const bases = [...runs('base', 0, [0.9, 0.8, 0.85]), ...runs('base', 0, [0.7, 0.7, 0.7], 'A')]

it('gives means with their standard errors', () => {
  const { mean, error, count } = estimate([1, 2, 6])
  expect([mean, count]).toEqual([3, 3])
  expect(error).toBeCloseTo(Math.sqrt(7 / 3), 12)
  expect(estimate([4]).error).toBeNaN()
})

it('takes differences within repetitions, which leaves out what repetitions differ by', () => {
  const { base, cuts } = summariseTransfer([
    ...bases,
    ...runs('selffer', 1, [0.88, 0.78, 0.83]),
    ...runs('transfer', 1, [0.78, 0.68, 0.73]),
    ...runs('transfer-tuned', 1, [0.91, 0.81, 0.86]),
    ...runs('random', 1, [0.48, 0.38, 0.43]),
  ])
  expect(base.A.mean).toBeCloseTo(0.7, 12)
  expect(base.B.error).toBeCloseTo(0.05 / Math.sqrt(3), 12)
  const [one] = cuts
  const gaps = [one!.coAdaptation, one!.specificity, one!.gain, one!.overRandom]
  for (const [i, value] of [0.02, 0.1, 0.01, 0.3].entries()) {
    expect(gaps[i]!.mean).toBeCloseTo(value, 12)
    expect(gaps[i]!.error).toBeCloseTo(0, 12)
  }
  expect(Object.keys(one!.accuracy)).toEqual(['selffer', 'transfer', 'transfer-tuned', 'random'])
})

it('finds where features turn specific, and where layers were most co-adapted', () => {
  const selffer = [[0.9, 0.8, 0.85], [0.85, 0.75, 0.81], [0.8, 0.7, 0.74], [0.88, 0.79, 0.84]] // biome-ignore format: one row per cut
  const lost = [0, 0.001, 0.04, 0.1]
  const noise = [0.004, -0.004, 0]
  const all = selffer.flatMap((scores, i) => [
    ...runs('selffer', i + 1, scores),
    ...runs('transfer', i + 1, scores.map((score, r) => score - lost[i]! + noise[r]!)), // biome-ignore format: short
  ])
  const { specificFrom, mostCoAdapted } = summariseTransfer([...bases, ...all])
  expect([specificFrom, mostCoAdapted]).toEqual([3, 3])
  // A gap that closes again later does not count.
  const early = all.filter(({ cut }) => cut !== 4)
  const closed = [...runs('selffer', 4, [0.9, 0.8, 0.85]), ...runs('transfer', 4, [0.9, 0.81, 0.85])]
  expect(summariseTransfer([...bases, ...early, ...closed]).specificFrom).toBeNull()
})

it('leaves open what repetitions are too few for', () => {
  const few = [...runs('base', 0, [0.9]), ...runs('selffer', 1, [0.8]), ...runs('transfer', 1, [0.5])]
  const { cuts, specificFrom, mostCoAdapted } = summariseTransfer(few)
  expect(cuts[0]!.specificity.mean).toBeCloseTo(0.3, 12)
  expect(cuts[0]!.gain.count).toBe(0)
  expect([specificFrom, mostCoAdapted]).toEqual([null, null])
})
