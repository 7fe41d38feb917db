import { runName, summariseTransfer, type TransferRun, type Treatment } from 'graft-learn'
import { expect, it } from 'vitest'
import type { Transferability } from './call.ts'
import { findingsOf, headlineOf, points } from './findings.ts'

const runs = (treatment: Treatment, cut: number, scores: number[], trainAccuracy = 1): TransferRun[] =>
  scores.map((accuracy, repetition) => {
    const planned = { repetition, treatment, cut, task: 'B' as const }
    return { ...planned, name: runName(planned), accuracy, trainAccuracy, loss: 0 }
  })

const result = (all: TransferRun[]) =>
  ({ layers: ['first', 'second', 'third'], runs: all, summary: summariseTransfer(all), interrupted: false }) as Pick<
    Transferability,
    'layers' | 'runs' | 'summary' | 'interrupted'
  > as Transferability

const base = runs('base', 0, [0.9, 0.8])
const general = [...runs('selffer', 1, [0.9, 0.8]), ...runs('transfer', 1, [0.91, 0.79])]
const specific = [
  ...runs('selffer', 2, [0.85, 0.74]),
  ...runs('transfer', 2, [0.6, 0.5]),
  ...runs('random', 2, [0.3, 0.2]),
]

it('says where features turn, what is lost there and what random layers are worth', () => {
  const found = result([...base, ...general, ...specific])
  expect(headlineOf(found)).toBe('Features are general up to first and specific from second on')
  const said = findingsOf(found).join('\n')
  expect(said).toContain('With 2 layers (up to second) frozen, A2B lies −24.5 ± 0.5 points from B2B')
  expect(said).toContain('Co-adaptation is largest after second: B2B lies −5.5 ± 0.5 points from base B')
  expect(said).toContain('worth +30.0 ± 0.0 points more than random')
  expect(said).not.toContain('Too little training')
})

it('says so where nothing can be said', () => {
  expect(headlineOf(result([...base, ...general]))).toBe('No layer is specific to its task beyond two standard errors')
  expect(headlineOf(result(runs('base', 0, [0.9])))).toMatch(/^One repetition says nothing of errors/)
  expect(findingsOf(result([...base, ...general])).join()).toContain('No cut shows co-adaptation')
})

it('warns of networks that did not learn their own training rows', () => {
  const [warning] = findingsOf(result([...base, ...general, ...runs('selffer', 2, [0.5, 0.6], 0.62)]))
  expect(warning).toMatch(/^Too little training: .*\(B2B 62\.0%\)/)
})

it('writes differences with sign and error', () => {
  expect(points({ mean: -0.0123, error: 0.004, count: 3 })).toBe('−1.2 ± 0.4')
  expect(points({ mean: 0.2, error: Number.NaN, count: 1 })).toBe('+20.0')
  expect(points({ mean: Number.NaN, error: Number.NaN, count: 0 })).toBe('–')
})
