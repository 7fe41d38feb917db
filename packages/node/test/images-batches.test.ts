import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  decodeImage,
  type ImageBatch,
  imageBatches,
  type Preprocessing,
  presets,
  readImages,
} from '../src/images/index.ts'
import { workFolder } from './graft.ts'
import { busy, plain, putImage } from './image-files.ts'

const folder = workFolder()
const preprocessing: Preprocessing = { ...presets.mobilenet, width: 8, height: 6, layout: 'nchw' }
for (let i = 0; i < 10; i++)
  await putImage(folder, `${i}.png`, i === 3 || i === 9 ? new Uint8Array(i - 3) : plain(9, 9, 20 * i, 1, 2))
const images = await readImages(folder)

async function batches(options = {}): Promise<ImageBatch[]> {
  const all: ImageBatch[] = []
  for await (const batch of imageBatches(images, preprocessing, options)) all.push(batch)
  return all
}

describe('imageBatches', () => {
  it('gives all images that can be used, in order, and tells of the others', async () => {
    const all = await batches({ batchSize: 3 })
    expect(all.map(({ rows }) => [...rows])).toEqual([
      [0, 1, 2],
      [4, 5, 6],
      [7, 8],
    ])
    expect(all.map(({ tensor }) => tensor.dims)).toEqual([
      [3, 3, 6, 8],
      [3, 3, 6, 8],
      [2, 3, 6, 8],
    ])
    const own = await decodeImage(join(folder, '5.png'), preprocessing)
    expect((all[1]!.tensor.data as Float32Array).slice(144, 288)).toEqual(own)
    expect(all.flatMap(({ skipped }) => skipped)).toEqual([
      { file: '3.png', reason: 'the file is empty' },
      { file: '9.png', reason: 'its content is no image in a form that is read' },
    ])
  })

  it('takes them in the order that is asked for, as views', async () => {
    const order = [7, 0, 7]
    const view = { seed: 1, number: 2, crop: 0.3, flip: true, colour: 0.4 }
    const [batch, ...rest] = await batches({ order, view })
    expect(rest).toHaveLength(0)
    expect([...batch!.rows]).toEqual(order)
    const own = await decodeImage(join(folder, '7.png'), preprocessing, view)
    const data = batch!.tensor.data as Float32Array
    expect(data.slice(0, 144)).toEqual(own)
    expect(data.slice(288)).toEqual(own)
  })

  it('ends with an empty batch where the last images are skipped, and stops when told', async () => {
    const all = await batches({ order: [1, 3], batchSize: 1 })
    expect(all.map(({ rows, skipped }) => [rows.length, skipped.length])).toEqual([
      [1, 0],
      [0, 1],
    ])
    const controller = new AbortController()
    controller.abort(new Error('stopped'))
    await expect(batches({ signal: controller.signal })).rejects.toThrow('stopped')
  })

  it('decodes while its reader is busy', async () => {
    const many = join(folder, 'many')
    for (let i = 0; i < 16; i++) await putImage(many, `${i}.png`, busy(500, 500, i))
    const list = await readImages(many)
    /** Milliseconds that the batches after the first took to come. */
    const waitAfter = async (pause: number): Promise<number> => {
      const reader = imageBatches(list, preprocessing, { batchSize: 4 })
      await reader.next()
      await new Promise((resolve) => setTimeout(resolve, pause))
      const begun = performance.now()
      for await (const _ of reader);
      return performance.now() - begun
    }
    const alone = performance.now()
    for await (const _ of imageBatches(list, preprocessing, { batchSize: 16 }));
    const all = performance.now() - alone
    expect(await waitAfter(5 * all)).toBeLessThan(all / 4)
  })
})
