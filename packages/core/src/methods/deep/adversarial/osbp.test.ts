import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { takeRows } from '../../../tensor/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedClasses } from '../../../testing/turned-classes.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { osbp } from './osbp.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { classes: 3, spread: 0.5 }
/** Two classes, and a target that has a third. */
const open = (own: Readonly<Record<string, unknown>> = {}) => {
  const all = turnedClasses({ ...shape, rows: 270, turn: 0, seed: 1 })
  const kept = [...all.labels.keys()].filter((i) => all.labels[i]! < 2)
  const source = {
    ...all,
    features: takeRows(all.features, kept),
    labels: Int32Array.from(kept, (i) => all.labels[i]!),
  }
  const target = turnedClasses({ ...shape, rows: 180, turn: 15, seed: 2 })
  return { ...turnedRequest(runtime, own), source, target, classes: 2 }
}

describe('OSBP', () => {
  it('calls the class that the source lacks unknown, and finds the others', async () => {
    const { accuracy, unknown, training } = await fitMethod(osbp, open())
    expect(unknown).toBe(true)
    expect(accuracy).toBeGreaterThan(0.9)
    expect(Math.abs(training!.epochs.at(-1)!.losses['unknown share']! - 1 / 3)).toBeLessThan(0.15)
  })

  it('calls none unknown where the adversary is left out', async () => {
    const { accuracy } = await fitMethod(osbp, open({ boundary: 1e-6, tradeOff: 0 }))
    expect(accuracy).toBeLessThan(0.7)
  })

  it('refuses a boundary that is no probability', () => {
    expect(() => osbp.options.parse({ boundary: 1 })).toThrow(/<1/)
  })
})
