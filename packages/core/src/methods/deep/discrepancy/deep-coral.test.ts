import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { deepCoral } from './deep-coral.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4, shift: 0 }
const source = shiftedClasses({ ...shape, seed: 1 })

/** The target turned in the plane of the first two features. */
function turned(angle: number) {
  const target = shiftedClasses({ ...shape, seed: 2 })
  const { data, columns } = target.features
  for (let at = 0; at < data.length; at += columns) {
    const [x, y] = [data[at]!, data[at + 1]!]
    data[at] = Math.cos(angle) * x - Math.sin(angle) * y
    data[at + 1] = Math.sin(angle) * x + Math.cos(angle) * y
  }
  return target
}

const target = turned(0.9)
const fit = (settings: Record<string, unknown>) =>
  fitMethod(deepCoral, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 30, learningRate: 0.01, hidden: 32, ...settings },
  })
const last = ({ training }: Awaited<ReturnType<typeof fit>>) => training!.epochs.at(-1)!

describe('deep correlation alignment', () => {
  it.each([0, 1])('follows a turn, with %i hidden layers', async (layers) => {
    const alone = await fit({ layers, tradeOff: 0 })
    const aligned = await fit({ layers })
    expect(alone.accuracy).toBeLessThan(0.8)
    expect(aligned.accuracy).toBeGreaterThan(alone.accuracy + 0.05)
    expect(last(aligned).losses.coral!).toBeLessThan(last(alone).losses.coral! / 10)
  })

  it('counts hidden layers besides the outputs', async () => {
    const [outputs, both] = [await fit({ epochs: 1, tradeOff: 0 }), await fit({ epochs: 1, tradeOff: 0, layers: 1 })]
    expect(last(both).losses.coral!).toBeGreaterThan(last(outputs).losses.coral!)
  })

  it('refuses settings out of range', () => {
    for (const settings of [{ tradeOff: -1 }, { layers: -1 }, { layers: 'all' }]) {
      expect(() => deepCoral.options.parse(settings)).toThrow()
    }
  })
})
