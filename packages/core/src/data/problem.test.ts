import { describe, expect, it } from 'vitest'
import { matrixFromRows } from '../tensor/index.ts'
import { pooledSource, settingOf, type TransferProblem, wholeTarget } from './problem.ts'

const domain = (name: string, values: readonly number[], labels: readonly number[]) => ({
  name,
  features: matrixFromRows(values.map((value) => [value])),
  labels: Int32Array.from(labels),
})
const base: TransferProblem = {
  task: { kind: 'classification', classes: ['a', 'b'] },
  sources: [domain('s1', [1, 2], [0, 1]), domain('s2', [3], [-1])],
  target: { name: 't', features: matrixFromRows([[7], [8]]) },
}

describe('TransferProblem', () => {
  it('has the setting that follows from who is labelled', () => {
    expect(settingOf(base)).toBe('transductive')
    expect(settingOf({ ...base, labelledTarget: domain('t', [9], [1]) })).toBe('inductive')
    expect(settingOf({ ...base, sources: [domain('s', [1], [-1])] })).toBe('unsupervised')
  })

  it('pools sources in their order', () => {
    const { name, features, labels } = pooledSource(base)
    expect([name, [...features.data], [...labels]]).toEqual(['s1 + s2', [1, 2, 3], [0, 1, -1]])
    expect(() => pooledSource({ ...base, sources: [] })).toThrow('at least one source')
  })

  it('puts the unlabelled target rows before the labelled ones', () => {
    const { features, labels } = wholeTarget({ ...base, labelledTarget: domain('t', [9], [1]) })
    expect([[...features.data], [...labels]]).toEqual([
      [7, 8, 9],
      [-1, -1, 1],
    ])
  })
})
