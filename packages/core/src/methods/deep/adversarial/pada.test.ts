import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { takeRows } from '../../../tensor/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedClasses } from '../../../testing/turned-classes.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { dann } from './dann.ts'
import { pada } from './pada.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { discriminatorWidth: 32 }
const shape = { classes: 4, spread: 0.6 }
/** Four classes, of which the target has the first two. */
const partial = (own: object = {}) => {
  const all = turnedClasses({ ...shape, rows: 300, turn: 30, seed: 2 })
  const kept = [...all.labels.keys()].filter((i) => all.labels[i]! < 2)
  const target = {
    ...all,
    features: takeRows(all.features, kept),
    labels: Int32Array.from(kept, (i) => all.labels[i]!),
  }
  const source = turnedClasses({ ...shape, rows: 240, turn: 0, seed: 1 })
  return { ...turnedRequest(runtime, { ...settings, ...own }), source, target, classes: 4 }
}

describe('PADA', () => {
  it('finds the classes of a target that has half of them, which DANN spreads over all', async () => {
    const [weighted, plain] = [await fitMethod(pada, partial({ even: 0.5 })), await fitMethod(dann, partial())]
    expect(weighted.accuracy).toBeGreaterThan(0.95)
    expect(weighted.accuracy).toBeGreaterThan(plain.accuracy + 0.05)
  })

  it('counts all classes in the first half, and later those that the target has', async () => {
    const { training } = await fitMethod(pada, partial({ even: 0.5 }))
    const counts = training!.epochs.map(({ losses }) => losses['classes that count']!)
    expect(counts.slice(0, 20)).toEqual(Array(20).fill(4))
    expect(counts[20]).toBeLessThan(4)
    expect(counts.at(-1)).toBeGreaterThan(1.5)
    expect(counts.at(-1)).toBeLessThan(2.3)
  })

  it('refuses a factor below 0', () => {
    expect(() => pada.options.parse({ tradeOff: -1 })).toThrow(/>=0/)
  })
})
