import { afterAll, expect, it } from 'vitest'
import { mlp } from '../../../networks/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { adabn } from './adabn.ts'

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

it('finds the classes of a shifted target, which the network with the source’s statistics does not', async () => {
  const [adapted, plain] = [await fitMethod(adabn, request), await fitMethod(sourceOnly, request)]
  expect(plain.accuracy).toBeLessThan(0.7)
  expect(adapted.accuracy).toBeGreaterThan(0.95)
})

it('changes statistics, and no weight', async () => {
  const [adapted, plain] = [await fitMethod(adabn, request), await fitMethod(sourceOnly, request)]
  const changed = Object.keys(plain.embed.parameters).filter((name) => {
    const [a, b] = [adapted, plain].map(({ embed }) => [...(embed.parameters[name]!.data as Float32Array)].join())
    return a !== b
  })
  expect(changed.sort()).toEqual(['fc1.norm.mean', 'fc1.norm.variance'])
  expect(adapted.classifier.parameters).toEqual(plain.classifier.parameters)
})

it('refuses networks without batch normalisation, and says what to do', async () => {
  const settings = { ...request.settings, normalised: false }
  await expect(fitMethod(adabn, { ...request, settings })).rejects.toThrow(/no batch normalisation .* normalised=true/)
  const model = mlp({ inputs: 4, hidden: [8, 6], classes: 5, random: seededRandom(1) })
  const context = { network: { kind: 'pretrained', model, dims: [4] } }
  await expect(fitMethod(adabn, { ...request, context })).rejects.toThrow(
    /backbone has no batch normalisation.*folding/,
  )
})

it('adapts the statistics of a pretrained network, with the source’s in it while it is trained', async () => {
  const model = mlp({ inputs: 4, hidden: [16, 8], classes: 5, random: seededRandom(1), normalised: true })
  const context = { network: { kind: 'pretrained', model, dims: [4] } }
  const settings = { ...request.settings, backboneRate: 1 }
  const { accuracy, embed } = await fitMethod(adabn, { ...request, settings, context })
  expect(accuracy).toBeGreaterThan(0.95)
  // The first layer is linear, and so are means.
  const { data, rows, columns } = request.target.features
  const means = Array.from({ length: columns }, (_, j) => data.filter((_, i) => i % columns === j).reduce(sum) / rows)
  const [weight, bias, mean] = ['fc1.weight', 'fc1.bias', 'fc1.norm.mean'].map(
    (name) => embed.parameters[name]!.data as Float32Array,
  )
  mean!.forEach((found, unit) => {
    const expected = means.map((value, j) => value * weight![unit * columns + j]!).reduce(sum) + bias![unit]!
    expect(found).toBeCloseTo(expected, 3)
  })
})

const sum = (a: number, b: number) => a + b
