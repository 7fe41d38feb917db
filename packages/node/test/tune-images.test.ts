import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidInputError, readModel, seededRandom } from 'graft-learn'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { TuneCall } from '../src/tune/call.ts'
import { runTune } from '../src/tune/run-tune.ts'
import { workFolder } from './graft.ts'
import { drawn, plain, putImage } from './image-files.ts'
import { listening, putNetwork, putShapes, SMALL, shape } from './tune-data.ts'

const root = workFolder()
const model = putNetwork(join(root, 'net.onnx'))
const cache = join(root, 'cache')

async function tuned(train: string, change: Partial<TuneCall> = {}) {
  const { watch, warnings } = listening()
  const call = { model, train, out: join(root, 'out'), cache, epochs: 1, ...SMALL, ...change }
  return { result: await runTune(call, watch), warnings: warnings.join('\n') }
}
const fault = (train: string) =>
  tuned(train).then(
    () => 'nothing',
    (error: unknown) => (error instanceof InvalidInputError ? error.message : `unexpected: ${error}`),
  )

describe('images of every kind', async () => {
  const folder = await putShapes(join(root, 'odd'), 4, 1)
  const random = seededRandom(9)
  const circle = () => shape('circle', random)
  const put = (name: string, bytes: Uint8Array) => putImage(folder, `circle/${name}`, bytes)
  const whole = await sharp(await circle())
    .jpeg()
    .toBuffer()
  const used = {
    'grey.png': await sharp(await circle())
      .greyscale()
      .png()
      .toBuffer(),
    'rgba.png': await sharp(await circle())
      .ensureAlpha(0.5)
      .png()
      .toBuffer(),
    'deep.png': await sharp(await circle())
      .toColourspace('rgb16')
      .png()
      .toBuffer(),
    'print.jpg': await sharp(await circle())
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer(),
    'turned.jpg': await sharp(await circle())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer(),
    'moving.webp': await sharp([await circle(), await circle()], { join: { animated: true } })
      .webp()
      .toBuffer(),
    'moving.gif': await sharp([await circle(), await circle()], { join: { animated: true } })
      .gif()
      .toBuffer(),
    'renamed.jpg': await circle(),
    'wide.png': await plain(100_000, 3, 200, 50, 50).png().toBuffer(),
    'tiny.png': await drawn(1, 1, 1, () => 90)
      .png()
      .toBuffer(),
  }
  const skipped = {
    'empty.png': new Uint8Array(),
    'short.jpg': whole.subarray(0, Math.floor(whole.length / 3)),
    'text.jpg': Buffer.from('this is a letter to my aunt, and no image'),
    'notes.txt': Buffer.from('no image'),
  }
  for (const [name, bytes] of Object.entries({ ...used, ...skipped })) await put(name, bytes)
  mkdirSync(join(folder, 'nothing'))
  mkdirSync(join(folder, 'broken'))
  writeFileSync(join(folder, 'broken', '1.png'), new Uint8Array(20))

  it('are used, or left out, counted and named', async () => {
    const { result, warnings } = await tuned(folder)
    expect(result.train.rows).toBe(12 + Object.keys(used).length)
    expect(result.train.skipped).toBe(Object.keys(skipped).length + 1)
    expect(result.classes).toEqual(['circle', 'square', 'triangle'])
    for (const name of [...Object.keys(skipped).slice(0, 3), '"nothing"', '"broken"']) expect(warnings).toContain(name)
    expect(warnings).not.toMatch(/grey|rgba|deep|print|turned|moving|renamed|wide|tiny/)
  })
})

it('names of classes stay as they are, in any script', async () => {
  const names = { circle: 'круг, "red" ', square: '四角 🟩', triangle: "it's (a) Dreieck=ß" } as Record<string, string>
  const folder = await putShapes(join(root, 'names'), 4, 1, (name) => names[name]!)
  const { result } = await tuned(folder, { test: folder, strategy: 'head' })
  expect([...result.classes].sort()).toEqual(Object.values(names).sort())
  const { metadata } = readModel(readFileSync(result.files.model))
  expect(JSON.parse(metadata['graft.classes']!)).toEqual(result.classes)
  const [head] = readFileSync(result.files.predictions!, 'utf8').split('\n')
  expect(head).toContain('"круг, ""red"" "')
  expect(readFileSync(result.files.report!, 'utf8')).toContain('四角 🟩')
})

describe('folders that cannot be learned from', () => {
  it('are refused with a reason', async () => {
    const one = join(root, 'one')
    await putImage(one, 'only/1.png', plain(8, 8, 1, 2, 3))
    expect(await fault(one)).toMatch(/"only" is the only class/)
    const flat = join(root, 'flat')
    await putImage(flat, '1.png', plain(8, 8, 1, 2, 3))
    expect(await fault(flat)).toMatch(/lies directly in it, and so without classes|no folder of images/)
    const spoiled = join(root, 'spoiled')
    for (const name of ['a', 'b']) await putImage(spoiled, `${name}/1.png`, new Uint8Array(9))
    expect(await fault(spoiled)).toMatch(/^[^:]*spoiled.*(no image|none of)/)
    const half = join(root, 'half')
    await putImage(half, 'a/1.png', new Uint8Array(9))
    for (const i of [1, 2, 3]) await putImage(half, `b/${i}.png`, plain(8, 8, 1, 2, 3))
    expect(await fault(half)).toMatch(/1 class: give two or more/)
    const none = join(root, 'none')
    mkdirSync(join(none, 'a'), { recursive: true })
    expect(await fault(none)).toMatch(/none|no folder of images|no class folders/)
  })
})
