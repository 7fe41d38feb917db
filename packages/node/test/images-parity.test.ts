import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeRuntime, readModel, rowOf, toDense } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { baseOutputs } from '../src/feature-cache/index.ts'
import { preprocessingOf, readImageFolder, selectImages } from '../src/images/index.ts'
import { readTable } from '../src/tables/index.ts'

const data = process.env.GRAFT_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const photographs = join(data, 'office-caltech10-images')
const there = existsSync(photographs)

/** Features that Python made of the same photographs, mostly at a larger size and before they were compressed again. */
describe.skipIf(!there)('features of photographs (skipped without GRAFT_DATA)', () => {
  it('point where those from Python do, and name the same classes', async () => {
    const file = join(data, 'backbones', 'mobilenet_v2_0.35_224_features.onnx')
    const model = readModel(readFileSync(file))
    const preprocessing = await preprocessingOf(file, model, { preset: 'mobilenet' })
    const runtime = await nodeRuntime({ threads: 2 })
    const rowsOf = async (domain: string, step: number) => {
      const table = await readTable(join(data, 'office-caltech10-mobilenetv2', `${domain}.npz`))
      const all = await readImageFolder(join(photographs, domain))
      const chosen = Array.from({ length: Math.ceil(all.files.length / step) }, (_, i) => i * step)
      const images = selectImages(all, chosen)
      const { outputs } = await baseOutputs(runtime, model, images, preprocessing, { cacheFolder: null })
      const width = outputs.dims[1]!
      return chosen.map((row, i) => ({
        label: all.classes[all.labels[row]!]!,
        ours: unit(outputs.data.subarray(i * width, (i + 1) * width)),
        theirs: unit(rowOf(toDense(table.features), row)),
      }))
    }
    const amazon = await rowsOf('amazon', 8)
    const dslr = await rowsOf('dslr', 1)
    await runtime.release()
    // These photographs are as large as they ever were: only decoding and resizing differ.
    for (const { ours, theirs } of amazon) expect(dot(ours, theirs)).toBeGreaterThan(0.997)
    for (const { ours, theirs } of dslr) expect(dot(ours, theirs)).toBeGreaterThan(0.98)
    const accuracy = (rows: 'ours' | 'theirs') => {
      const right = dslr.filter((row) => {
        const scores = amazon.map((each) => dot(each[rows], row[rows]))
        return amazon[scores.indexOf(Math.max(...scores))]!.label === row.label
      })
      return right.length / dslr.length
    }
    expect(Math.abs(accuracy('ours') - accuracy('theirs'))).toBeLessThan(0.03)
  })
})

function unit(row: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(row)
  const length = Math.sqrt(dot(values, values))
  return values.map((value) => value / length)
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
