import { afterAll, describe, expect, it } from 'vitest'
import type { TransferProblem } from '../../../data/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import type { Method } from '../../method.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { multiSource } from './multi-source.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domain = (shift: number, seed: number) =>
  shiftedClasses({ rows: 120, features: 4, classes: 3, apart: 4, shift, seed })
const both = [domain(0, 1), domain(0.4, 2)]
const request = {
  runtime,
  source: both[0]!,
  target: domain(-1, 3),
  classes: 3,
  settings: { epochs: 40, learningRate: 5e-3, batchSize: 64, hidden: 16 },
}

/** The method on other sources, and with what else a problem may have. */
const on = (method: Method, changes: Partial<TransferProblem>): Method => ({
  ...method,
  fit: (problem, options, context) => method.fit({ ...problem, ...changes }, options, context),
})
const fitted = (settings: object = {}) =>
  fitMethod(on(multiSource, { sources: both }), { ...request, settings: { ...request.settings, ...settings } })

describe('several sources', () => {
  it.each(['adversary', 'moments'])('are aligned with a target that they do not serve by %s', async (by) => {
    const [aligned, plain] = [await fitted({ by }), await fitMethod(on(sourceOnly, { sources: both }), request)]
    expect(plain.accuracy).toBeLessThan(0.6)
    expect(aligned.accuracy).toBeGreaterThan(plain.accuracy + 0.08)
  })

  it('weigh by how hard they are, or the hardest counts alone', async () => {
    const weightOf = async (settings: object) => {
      const { training } = await fitted({ by: 'adversary', epochs: 6, ...settings })
      return training!.epochs.at(-1)!.losses['weight of the worst source']!
    }
    expect(await weightOf({ maximum: 'hard' })).toBe(1)
    const [even, sharp] = [await weightOf({ sharpness: 0.01 }), await weightOf({ sharpness: 10 })]
    expect(even).toBeCloseTo(0.5, 2)
    expect(sharp).toBeGreaterThan(0.55)
    expect(sharp).toBeLessThan(1)
  })

  it.each(['adversary', 'moments'])('may be a single one, and have labelled target rows, by %s', async (by) => {
    const settings = { ...request.settings, by, epochs: 2 }
    const labelledTarget = domain(-1, 4)
    const { training } = await fitMethod(on(multiSource, { labelledTarget }), { ...request, settings })
    const losses = Object.keys(training!.epochs.at(-1)!.losses)
    expect(losses).toContain('classification')
    expect(losses).toContain('target classification')
  })

  it('refuse a zeroth moment and other ways', () => {
    expect(() => multiSource.options.parse({ moments: 0 })).toThrow(/moments/)
    expect(() => multiSource.options.parse({ by: 'chance' })).toThrow(/by/)
  })
})
