import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { ddc } from './ddc.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(ddc, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: '32,16', ...settings },
  })
const found = (facts: Readonly<Record<string, number | string>>, of: string) =>
  Object.entries(facts)
    .filter(([name]) => name.startsWith(`mmd of ${of}`))
    .map(([name, value]) => [Number(name.split(' ').at(-1)), Number(value)] as const)
    .sort(([, a], [, b]) => a - b)

describe('deep domain confusion', () => {
  it.each(['linear', 'gaussian'])('follows a shift with a %s kernel', async (kernel) => {
    const settings = { kernel, place: 2, ...(kernel === 'gaussian' && { tradeOff: 10 }) }
    const alone = await fit({ ...settings, tradeOff: 0 })
    const aligned = await fit(settings)
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
  })

  it('takes the layer in which the domains differ least', async () => {
    const { facts } = await fit({ epochs: 1, hidden: '32,16,8' })
    const layers = found(facts!, 'layer')
    expect(layers.map(([layer]) => layer).sort()).toEqual([1, 2, 3])
    expect(facts!.place).toBe(layers[0]![0])
    expect(new Set(layers.map(([, value]) => value)).size).toBe(3)
  })

  it('takes the width with which the domains differ least, and puts such a layer there', async () => {
    const { facts, target: embedded } = await fit({ epochs: 1, place: 2, width: 'auto', searchEpochs: 2 })
    const widths = found(facts!, 'width')
    expect(widths.map(([width]) => width).sort((a, b) => a - b)).toEqual([64, 128, 256, 512])
    expect(facts!.width).toBe(widths[0]![0])
    expect(embedded.columns).toBe(widths[0]![0])
  })

  it('looks for nothing where place and width are given', async () => {
    const { facts, target: embedded } = await fit({ epochs: 1, place: 1, width: 20 })
    expect(facts).toMatchObject({ place: 1, width: 20 })
    expect(found(facts!, '')).toEqual([])
    expect(embedded.columns).toBe(16)
  })

  it('refuses settings out of range', () => {
    for (const settings of [{ place: 0 }, { width: -1 }, { width: 'wide' }, { searchEpochs: 0 }]) {
      expect(() => ddc.options.parse(settings)).toThrow()
    }
  })
})
