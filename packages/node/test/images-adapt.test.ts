import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { float, graphBuilder, ints, type Model, nodeRuntime, readModel, writeModel } from 'graft-learn'
import { afterAll, describe, expect, it } from 'vitest'
import type { AdaptCall } from '../src/adapt/call.ts'
import type { Outcome } from '../src/adapt/outcome.ts'
import { runAdapt } from '../src/adapt/run-adapt.ts'
import { joinModels } from '../src/saved-model/join-models.ts'
import { runPredict } from '../src/saved-model/run-predict.ts'
import { workFolder } from './graft.ts'
import { drawn, putImage } from './image-files.ts'

const root = workFolder()
const warnings: string[] = []
const hooks = {
  note: () => {},
  warn: (text: string) => void warnings.push(text),
  progress: () => {},
  whole: <T>(work: () => Promise<T>) => work(),
  saved: () => {},
}

/** A network of one convolution: four features of an image, and two classes that nobody asks for. */
function network(): Model {
  const graph = graphBuilder()
  // Slopes across and down, of either sign.
  const weight = Float32Array.from({ length: 4 * 3 * 3 * 3 }, (_, i) => {
    const [filter, place] = [Math.floor(i / 27), i % 9]
    const slope = filter < 2 ? (place % 3) - 1 : Math.floor(place / 3) - 1
    return filter % 2 === 0 ? slope : -slope
  })
  const x = graph.input('features', 'float32', ['N', 3, 12, 12])
  const w = graph.constant({ type: 'float32', dims: [4, 3, 3, 3], data: weight }, 'label')
  const maps = graph.node('Relu', [graph.node('Conv', [x, w], { strides: ints([2, 2]) })])
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [maps])])
  const head = graph.constant({ type: 'float32', dims: [4, 2], data: new Float32Array(8).fill(0.5) })
  graph.output('logits', graph.node('Gemm', [flat, head], { alpha: float(1) }), 'float32', ['N', 2])
  return graph.model()
}
const backbone = join(root, 'network.onnx')
writeFileSync(backbone, writeModel(network()))

/** Two classes of different stripes; the domains differ in brightness. */
async function domain(name: string, light: number, folders: (label: string) => string): Promise<string> {
  for (let i = 0; i < 16; i++) {
    const upright = i % 2 === 0
    const image = drawn(24, 24, 3, (x, y, c) => {
      const wave = Math.sin(((upright ? x : y) + i) * 0.5)
      return Math.max(0, Math.min(255, light + 70 * wave + 10 * c + ((x * 31 + y * 17 + i * 7) % 23)))
    })
    await putImage(join(root, name), join(folders(upright ? 'upright' : 'flat'), `${i}.png`), image)
  }
  return join(root, name)
}
const day = await domain('day', 150, (label) => label)
const night = await domain('night', 80, (label) => label)
const unsorted = await domain('unsorted', 80, () => '.')
await putImage(night, 'flat/broken.png', new Uint8Array(9))
const call: AdaptCall = {
  sources: [day],
  target: night,
  backbone,
  methods: ['coral'],
  preset: 'mobilenet',
  cache: join(root, 'cache'),
  threads: 1,
}

describe('adapt on folders of images', () => {
  it('learns from features of the backbone, and writes a model that takes images', async () => {
    warnings.length = 0
    const out = join(root, 'out')
    const outcome = (await runAdapt({ ...call, out }, hooks)) as Outcome
    expect(outcome.classes).toEqual(['flat', 'upright'])
    expect(outcome.source[0]).toMatchObject({ file: day, rows: 16, features: 4, labelled: 16 })
    expect(outcome.target).toMatchObject({ rows: 16, features: 4, scored: 16 })
    expect(outcome.scores!.adapted).toBeGreaterThan(0.9)
    expect(warnings.join()).toMatch(/1 file is skipped.*flat\/broken\.png/)
    const lines = readFileSync(join(out, 'predictions.csv'), 'utf8').trim().split('\n')
    expect(lines[0]).toBe('row,prediction,probability,flat,upright,file')
    expect(lines[1]).toMatch(/^1,(flat|upright),.*,flat\/1\.png$/)

    const { result, lines: predicted } = await runPredict({ model: out, input: night }, hooks)
    expect(result.rows).toBe(16)
    const said = (text: string[]) => text.slice(1).map((line) => [line.split(',')[1], line.split(',').at(-1)])
    expect(said([...predicted()].join('').trim().split('\n'))).toEqual(said(lines))
  })

  it('needs no classes in the target, and target labels change no prediction', async () => {
    const free = (await runAdapt({ ...call, target: unsorted, out: join(root, 'free') }, hooks)) as Outcome
    expect([free.scores, free.target.rows]).toEqual([null, 16])
    await runAdapt({ ...call, out: join(root, 'labelled') }, hooks)
    const read = (name: string) => {
      const rows = readFileSync(join(root, name, 'predictions.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
      return new Map(rows.map((row) => [row.split('/').at(-1)!.split(',').at(-1), row.split(',')[1]]))
    }
    expect(read('free')).toEqual(read('labelled'))
  })

  it('says what is missing or does not go together', async () => {
    const fails = (change: Partial<AdaptCall>) => runAdapt({ ...call, out: join(root, 'none'), ...change }, hooks)
    const { backbone: _, ...without } = call
    await expect(runAdapt(without, hooks)).rejects.toThrow(/day: it is a folder: images need .*--backbone F\.onnx/)
    writeFileSync(join(root, 'a.csv'), 'x,label\n1,a\n2,b\n')
    const tables = { sources: [join(root, 'a.csv')], target: join(root, 'a.csv') }
    await expect(fails(tables)).rejects.toThrow(/no file of this call is a folder of images/)
    await expect(fails({ sources: tables.sources })).rejects.toThrow(/has 4 .*1: both need the same columns|has 4/)
    await expect(fails({ backbone: 'lenet' })).rejects.toThrow(/--backbone lenet is not trained, and/)
    await expect(fails({ sources: [unsorted] })).rejects.toThrow(/lie directly in it/)
    await expect(fails({ task: 'regression', methods: ['none'] })).rejects.toThrow(/name classes, not numbers/)
  })
})

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

it('joined models give what they give one after the other, whatever their names', async () => {
  const graph = graphBuilder()
  const rows = graph.input('logits', 'float32', ['N', 2])
  graph.output('label', graph.node('Softmax', [rows]), 'float32', ['N', 2])
  const second = graph.model({ 'graft.classes': '["a"]' })
  const joined = readModel(writeModel(joinModels(network(), second, { own: '1' })))
  expect(joined.metadata).toMatchObject({ 'graft.classes': '["a"]', own: '1' })
  expect(joined.graph.inputs.map(({ name }) => name)).toEqual(['features'])
  const data = Float32Array.from({ length: 2 * 3 * 144 }, (_, i) => Math.cos(i))
  const images = { type: 'float32', dims: [2, 3, 12, 12], data } as const
  const between = await runtime.run(network(), { features: images })
  const expected = await runtime.run(second, { logits: between.logits! })
  const found = await runtime.run(joined, { features: images })
  Array.from(found.label!.data as Float32Array, (value, i) =>
    expect(value).toBeCloseTo((expected.label!.data as Float32Array)[i]!, 6),
  )
})
