import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { memoryCheckpoints } from '../../../testing/memory-checkpoints.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { meanTeacher } from './mean-teacher.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const training = { epochs: 12, learningRate: 0.01, batchSize: 16 }
const fit = (options: object, context: object = {}) =>
  fitMethod(meanTeacher, { runtime, ...domains, settings: { ...training, ...options }, context })

/** The weights of the classifier that a method ends with. */
const headOf = ({ classifier }: Awaited<ReturnType<typeof fit>>): number[] =>
  Object.values(classifier.parameters).flatMap(({ data }) => [...data].map(Number))

describe('mean-teacher', () => {
  it('learns a turned domain that the source alone does not teach', async () => {
    const alone = await fitMethod(sourceOnly, { runtime, ...domains, settings: training })
    expect(alone.accuracy).toBeLessThan(0.93)
    expect((await fit({})).accuracy).toBeGreaterThan(0.96)
  })

  it('is helped by its loss alone: an average and views without it do not teach the domain', async () => {
    expect((await fit({ tradeOff: 0 })).accuracy).toBeLessThan(0.93)
  })

  it('ends with the teacher: the average of the weights that the student had', async () => {
    const steps = { batchSize: 240, schedule: 'constant', tradeOff: 0 }
    const [first, second] = [await fit({ ...steps, epochs: 1, decay: 0 }), await fit({ ...steps, epochs: 2, decay: 0 })]
    const teacher = headOf(await fit({ ...steps, epochs: 2, decay: 0.9 }))
    const [a, b] = [headOf(first), headOf(second)]
    expect(a).not.toEqual(b)
    expect(teacher.length).toBeGreaterThan(0)
    teacher.forEach((weight, i) => {
      expect(weight).toBeCloseTo((a[i]! + b[i]!) / 2, 5)
    })
  })

  it('learns nothing where the teacher is never sure', async () => {
    for (const { losses } of (await fit({ threshold: 1, epochs: 2 })).training!.epochs) {
      expect(losses.consistency).toBeLessThan(1e-6)
    }
    expect((await fit({ threshold: 0, epochs: 1 })).training!.epochs[0]!.losses.consistency).toBeGreaterThan(1e-4)
  })

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const whole = await fit({ epochs: 3 })
    const store = memoryCheckpoints()
    await fit({ epochs: 3 }, { deep: { checkpoints: () => store } })
    const half = memoryCheckpoints(store.stored.slice(0, 1))
    expect((await fit({ epochs: 3 }, { deep: { checkpoints: () => half } })).target).toEqual(whole.target)
  })

  it.each([{ decay: 1 }, { threshold: 2 }, { tradeOff: -1 }, { strength: 9 }])('refuses %j', (options) => {
    expect(() => meanTeacher.options.parse(options)).toThrow(Object.keys(options)[0]!)
  })
})
