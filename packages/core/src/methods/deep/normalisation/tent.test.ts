import { afterAll, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { tent } from './tent.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domain = (shift: number, seed: number) =>
  shiftedClasses({ rows: 150, features: 4, classes: 3, apart: 4, shift, seed })
const request = {
  runtime,
  source: domain(0, 1),
  target: domain(-2.5, 2),
  classes: 3,
  settings: { epochs: 20, learningRate: 1e-2, batchSize: 32, hidden: 16, normalised: true },
}
const after = (adaptationEpochs: number) =>
  fitMethod(tent, { ...request, settings: { ...request.settings, adaptationEpochs, adaptationRate: 0.01 } })

it('finds the classes of a shifted target', async () => {
  const plain = await fitMethod(sourceOnly, request)
  expect(plain.accuracy).toBeLessThan(0.7)
  expect((await after(2)).accuracy).toBeGreaterThan(0.95)
})

it('makes predictions surer by scales and shifts alone', async () => {
  const [short, long] = [await after(1), await after(20)]
  const changed = Object.keys(short.embed.parameters).filter((name) => {
    const [a, b] = [short, long].map(({ embed }) => [...(embed.parameters[name]!.data as Float32Array)].join())
    return a !== b
  })
  expect(changed.sort()).toEqual(['fc1.norm.bias', 'fc1.norm.weight'])
  expect(long.classifier.parameters).toEqual(short.classifier.parameters)
  const entropy = async ({ classifier, target }: typeof short) => {
    const { data } = await applyStages(runtime, [classifier], target)
    return data.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
  }
  expect(await entropy(long)).toBeLessThan(0.7 * (await entropy(short)))
})

it('does without the source once the network is trained', async () => {
  const { training } = await after(1)
  expect(training!.epochs.map(({ stage }) => stage)).toEqual([...new Array(20).fill('source'), 'adaptation'])
  expect(Object.keys(training!.epochs.at(-1)!.losses)).toEqual(['entropy'])
})

it('refuses networks without batch normalisation', async () => {
  const settings = { ...request.settings, normalised: false }
  await expect(fitMethod(tent, { ...request, settings })).rejects.toThrow(/normalised=true/)
})
