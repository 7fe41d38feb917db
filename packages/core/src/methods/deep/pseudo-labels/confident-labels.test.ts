import { describe, expect, it } from 'vitest'
import { matrixFromRows } from '../../../tensor/index.ts'
import { confidentLabels } from './confident-labels.ts'

/** Logits of which `label` has the probability `sure` among three classes. */
const row = (label: number, sure: number): number[] =>
  [0, 1, 2].map((c) => (c === label ? Math.log((2 * sure) / (1 - sure)) : 0))

const logits = matrixFromRows([
  row(0, 0.99),
  row(0, 0.97),
  row(0, 0.95),
  row(0, 0.6),
  row(1, 0.7),
  row(1, 0.5),
  row(0, 0.8),
  row(0, 0.55),
])

describe('confidentLabels', () => {
  it('keeps the predictions that pass the threshold', () => {
    expect([...confidentLabels(logits, { threshold: 0.9 })]).toEqual([0, 0, 0, -1, -1, -1, -1, -1])
    expect([...confidentLabels(logits, { threshold: 0.7 - 1e-9 })]).toEqual([0, 0, 0, -1, 1, -1, 0, -1])
    expect([...confidentLabels(logits, { threshold: 0 })]).toEqual([0, 0, 0, 0, 1, 1, 0, 0])
    expect([...confidentLabels(logits, { threshold: 1 })]).toEqual([-1, -1, -1, -1, -1, -1, -1, -1])
  })

  it('takes a part of every predicted class, the surest rows of each', () => {
    expect([...confidentLabels(logits, { part: 0.5 })]).toEqual([0, 0, 0, -1, 1, -1, -1, -1])
    expect([...confidentLabels(logits, { part: 0.6 })]).toEqual([0, 0, 0, -1, 1, 1, 0, -1])
    expect([...confidentLabels(logits, { part: 0.01 })]).toEqual([0, -1, -1, -1, 1, -1, -1, -1])
    expect([...confidentLabels(logits, { part: 1 })]).toEqual([0, 0, 0, 0, 1, 1, 0, 0])
  })

  it('works with a single row', () => {
    const single = matrixFromRows([row(2, 0.8)])
    expect([...confidentLabels(single, { threshold: 0.7 })]).toEqual([2])
    expect([...confidentLabels(single, { threshold: 0.9 })]).toEqual([-1])
    expect([...confidentLabels(single, { part: 0.2 })]).toEqual([2])
  })
})
