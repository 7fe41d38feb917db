import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { graphBuilder, type Model, nodeRuntime, type Runtime, type Tensors } from 'graft-learn'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type BaseOutputOptions, baseOutputs, defaultCacheFolder } from '../src/feature-cache/index.ts'
import { trimCache } from '../src/feature-cache/trim-cache.ts'
import { decodeImage, type Preprocessing, presets, readImageFolder } from '../src/images/index.ts'
import { workFolder } from './graft.ts'
import { busy, putImage } from './image-files.ts'

const root = workFolder()
const cacheFolder = join(root, 'cache')
const folder = join(root, 'photos')
const preprocessing: Preprocessing = { ...presets.mobilenet, width: 8, height: 8, layout: 'nchw' }
for (let i = 0; i < 20; i++) await putImage(folder, `${i % 2 === 0 ? 'even' : 'odd'}/${i}.png`, busy(20, 20, i))
await putImage(folder, 'odd/broken.png', new Uint8Array(30))
await putImage(folder, 'even/empty.png', new Uint8Array())
const images = await readImageFolder(folder)

/** Sums each channel of an image; `factor` makes it another network. */
function network(factor: number, batch: number | string = 'N'): Model {
  const graph = graphBuilder()
  const x = graph.input('pixels', 'float32', [batch, 3, 8, 8])
  const scaled = graph.node('Mul', [x, graph.constant({ type: 'float32', dims: [1], data: Float32Array.of(factor) })])
  graph.output('sums', graph.node('GlobalAveragePool', [scaled]), 'float32', [batch, 3, 1, 1])
  return graph.model()
}
const plain = await nodeRuntime({ threads: 1 })
afterAll(() => plain.release())
let runs = 0
const runtime: Runtime = {
  ...plain,
  run: (model: Model, inputs: Tensors) => {
    runs++
    return plain.run(model, inputs)
  },
}
const base = network(1)
const compute = (options: BaseOutputOptions = {}, model = base) =>
  baseOutputs(runtime, model, images, preprocessing, { cacheFolder, ...options })
const stored = (): string[] => {
  const outputs = join(cacheFolder, 'outputs')
  if (!existsSync(outputs)) return []
  return readdirSync(outputs).flatMap((key) => readdirSync(join(outputs, key)).map((name) => join(outputs, key, name)))
}
beforeEach(() => {
  rmSync(cacheFolder, { recursive: true, force: true })
  runs = 0
})

describe('baseOutputs', () => {
  it('gives a row for each image that can be used, and keeps it', async () => {
    const warnings: string[] = []
    const progress: number[] = []
    const first = await compute({
      warn: (text) => warnings.push(text),
      progress: (done, total) => progress.push(done / total),
    })
    expect(first.outputs.dims).toEqual([20, 3, 1, 1])
    expect(first.images.files).toHaveLength(20)
    expect([...first.images.labels]).toEqual([...Array(10).fill(0), ...Array(10).fill(1)])
    expect(first.images.files).toEqual([...first.rows].map((row) => images.files[row]))
    expect(warnings).toHaveLength(2)
    expect(warnings.join()).toMatch(/1 file is skipped.*odd\/broken\.png/)
    expect(progress.at(-1)).toBe(1)
    const values = await decodeImage(join(folder, first.images.files[7]!), preprocessing)
    const means = [0, 1, 2].map(
      (c) => values.subarray(64 * c, 64 * (c + 1)).reduce((sum, value) => sum + value, 0) / 64,
    )
    means.forEach((mean, c) => void expect(first.outputs.data[21 + c]).toBeCloseTo(mean, 5))
    expect([first.computed, runs > 0]).toEqual([20, true])

    runs = 0
    const second = await compute()
    expect([second.computed, runs]).toEqual([0, 0])
    expect(second.outputs).toEqual(first.outputs)
    expect(second.skipped.map(({ file }) => file)).toEqual(['even/empty.png', 'odd/broken.png'])
  })

  it('knows images by content, not by name, and anything else by what decides the result', async () => {
    await compute()
    const moved = join(root, 'moved')
    cpSync(join(folder, 'odd'), join(moved, 'a'), { recursive: true })
    cpSync(join(folder, 'even'), join(moved, 'b'), { recursive: true })
    const again = await baseOutputs(runtime, network(1), await readImageFolder(moved), preprocessing, { cacheFolder })
    expect([again.computed, again.images.files[0]]).toEqual([0, 'a/1.png'])
    expect((await compute({}, network(2))).computed).toBe(20)
    expect((await baseOutputs(runtime, base, images, { ...preprocessing, std: [2] }, { cacheFolder })).computed).toBe(
      20,
    )
    const view = { seed: 0, number: 1, crop: 0.5, flip: true, colour: 0 }
    const viewed = await compute({ view })
    expect(viewed.computed).toBe(20)
    expect((await compute({ view: { ...view, number: 2 } })).computed).toBe(20)
    expect((await compute({ view })).outputs).toEqual(viewed.outputs)
    await putImage(moved, 'a/1.png', busy(20, 20, 99))
    const changed = await baseOutputs(runtime, base, await readImageFolder(moved), preprocessing, { cacheFolder })
    expect(changed.computed).toBe(1)
  })

  it('computes anew what is damaged, cut short or no such file, and mends it', async () => {
    const good = (await compute()).outputs
    const spoil: ((file: string) => void)[] = [
      (file) => truncateSync(file, readFileSync(file).length - 5),
      (file) => truncateSync(file, 10),
      (file) => writeFileSync(file, 'GRAFTROW and then something else'),
      (file) => writeFileSync(file, ''),
      (file) => flip(file, 20),
      (file) => flip(file, 100),
    ]
    for (const damage of spoil) {
      const [file, ...others] = stored()
      expect(others).toHaveLength(0)
      damage(file!)
      const again = await compute()
      expect([again.computed, again.outputs]).toEqual([20, good])
    }
    // One wrong bit in one row costs that row.
    const [file] = stored()
    flip(file!, readFileSync(file!).length - 2)
    expect((await compute()).computed).toBe(1)
    expect(stored()).toHaveLength(1)
    const mended = await compute()
    expect([mended.computed, mended.outputs]).toEqual([0, good])
  })

  it('keeps what was done before an interruption', async () => {
    const controller = new AbortController()
    const stop = (done: number) => done >= 9 && controller.abort(new Error('interrupted'))
    await expect(compute({ progress: stop, signal: controller.signal })).rejects.toThrow('interrupted')
    const rest = await compute()
    expect(rest.computed).toBeGreaterThan(0)
    expect(rest.computed).toBeLessThan(13)
    expect((await compute({ cacheFolder: null })).outputs).toEqual(rest.outputs)
  })

  it('may run several times at once', async () => {
    const all = await Promise.all([compute(), compute(), compute()])
    for (const { outputs } of all) expect(outputs).toEqual(all[0].outputs)
    expect((await compute()).computed).toBe(0)
  })

  it('makes many small files into one', async () => {
    await compute()
    const [file] = stored()
    for (let i = 0; i < 10; i++) cpSync(file!, file!.replace(/[0-9a-f]{16}\.rows$/, `${i}`.repeat(16).concat('.rows')))
    expect(stored()).toHaveLength(11)
    expect((await compute()).computed).toBe(0)
    expect(stored()).toHaveLength(1)
    expect((await compute()).computed).toBe(0)
  })

  it('works without a cache where it cannot be written, or is not wanted', async () => {
    writeFileSync(join(root, 'file'), '')
    const warnings: string[] = []
    const done = await compute({ cacheFolder: join(root, 'file'), warn: (text) => warnings.push(text) })
    expect(done.computed).toBe(20)
    expect(warnings.filter((text) => text.includes('not kept'))).toHaveLength(1)
    expect((await compute({ cacheFolder: null })).outputs).toEqual(done.outputs)
    expect(stored()).toHaveLength(0)
    const small: string[] = []
    await compute({ cacheLimit: 100, warn: (text) => small.push(text) })
    expect(small.filter((text) => text.includes('not kept'))).toHaveLength(1)
  })

  it('keeps to a batch size that is fixed in the model', async () => {
    const free = (await compute()).outputs.data
    for (const batch of [1, 3]) expect((await compute({}, network(1, batch))).outputs.data).toEqual(free)
  })

  it('refuses what cannot be done, by name', async () => {
    const broken = { ...images, files: ['odd/broken.png'], labels: Int32Array.of(1) }
    const none = baseOutputs(runtime, base, broken, preprocessing, { cacheFolder })
    await expect(none).rejects.toThrow(/none of its images can be used/)
    await expect(compute({ output: 'means' })).rejects.toThrow(/no output "means": choose one of "sums"/)
  })
})

it('trimCache removes what was not used for longest, never what is to be kept', async () => {
  const names = ['a', 'b', 'c']
  names.forEach((name, i) => {
    mkdirSync(join(cacheFolder, name), { recursive: true })
    writeFileSync(join(cacheFolder, name, 'x.rows'), new Uint8Array(100))
    utimesSync(join(cacheFolder, name), 1000 + i, 1000 + i)
  })
  expect(await trimCache(cacheFolder, 300, 'a')).toBe(0)
  expect(await trimCache(cacheFolder, 200, 'a')).toBe(1)
  expect(readdirSync(cacheFolder)).toEqual(['a', 'c'])
  expect(await trimCache(cacheFolder, 0, 'a')).toBe(1)
  expect(readdirSync(cacheFolder)).toEqual(['a'])
})

it('defaultCacheFolder is where systems keep caches', () => {
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'graft'))
  expect(defaultCacheFolder({ GRAFT_CACHE: '/own', XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/own')
  expect(defaultCacheFolder({}, 'linux')).toMatch(/\.cache.graft$/)
  expect(defaultCacheFolder({}, 'darwin')).toMatch(/Library.Caches.graft$/)
  expect(defaultCacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', 'graft', 'cache'))
})

/** Turns one bit of a file round. */
function flip(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes[at]! ^= 4
  writeFileSync(file, bytes)
}
