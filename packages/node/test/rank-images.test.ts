import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lenet, seededRandom, writeModel } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { optionsPerModel } from '../src/rank/per-model.ts'
import type { RankCall } from '../src/rank/rank-call.ts'
import { rankText } from '../src/rank/rank-text.ts'
import { runRank } from '../src/rank/run-rank.ts'
import { contents, put, workFolder } from './graft.ts'
import { drawn, putImage } from './image-files.ts'

const folder = workFolder()
const colours = { red: [220, 40, 40], green: [40, 220, 40], blue: [40, 40, 220] }
const random = seededRandom(2)
for (const [name, colour] of Object.entries(colours)) {
  for (let i = 0; i < 6; i++) {
    const image = drawn(20, 16, 3, (_x, _y, c) => Math.max(0, Math.min(255, colour[c]! + 25 * random.normal())))
    await putImage(folder, `photos/${name}/${i}.png`, image)
  }
}
writeFileSync(join(folder, 'photos/red/broken.png'), 'no image')
const shape = { channels: 3, size: 16, classes: 5 } as const
const models = [1, 2].map((seed) =>
  put(folder, `lenet-${seed}.onnx`, writeModel(lenet({ ...shape, random: seededRandom(seed) }))),
)

const heard: string[] = []
const rank = (call: Partial<RankCall>) => {
  heard.length = 0
  const files = { models: models.map((file) => join(folder, file)), train: join(folder, 'photos') }
  return runRank(
    { preset: ['mobilenet'], cache: join(folder, 'cache'), ...call, ...files },
    { warn: (text) => heard.push(text), progress: () => {} },
  )
}

describe('graft rank on images', () => {
  it('scores models, warns once of an image that cannot be used, and finds features on disk the next time', async () => {
    const first = await rank({})
    expect(first.train).toMatchObject({ rows: 18, classes: ['blue', 'green', 'red'] })
    expect(first.models).toHaveLength(2)
    for (const { scores, dims, features } of first.models) {
      expect(dims).toEqual([84])
      expect(features).not.toBe('logits')
      expect(scores.leep).toBeLessThan(0)
      expect(scores['h-score']).toBeNull()
      expect(scores['shrunk-h-score']).toBeGreaterThan(1)
    }
    expect(heard.filter((text) => text.includes('broken.png'))).toHaveLength(1)
    expect(contents(join(folder, 'cache')).length).toBeGreaterThan(0)
    const again = await rank({})
    expect({ ...again, seconds: null }).toEqual({ ...first, seconds: null })
  })

  it('scores every place to cut in one pass, features with places averaged, and the classifier once per model', async () => {
    const result = await rank({ layers: true })
    const lines = result.models.filter(({ model }) => model.includes('lenet-1'))
    expect(lines.length).toBeGreaterThanOrEqual(4)
    expect(new Set(lines.map(({ features }) => features)).size).toBe(lines.length)
    for (const { dims, width } of lines) expect(width).toBe(dims[0])
    expect(lines.filter(({ scores }) => scores.leep !== null)).toHaveLength(1)
    const places = result.models.map(({ meanPlace }) => meanPlace)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    const alone = await rank({})
    const last = (of: typeof result) => of.models.find(({ model, scores }) => model.includes('lenet-1') && scores.leep)!
    expect(last(result).scores.logme).toBeCloseTo(last(alone).scores.logme!, 6)
    expect(rankText(result)).toMatch(/LAYER/)
  })

  it('prepares images for each model as it wants them', async () => {
    const same = await rank({ preset: ['mobilenet', 'mobilenet'], scores: ['logme'] })
    const different = await rank({ preset: ['mobilenet', 'caffe'], scores: ['logme'] })
    const score = (of: typeof same, file: string) => of.models.find(({ model }) => model.includes(file))!.scores.logme
    expect(score(different, 'lenet-1')).toBe(score(same, 'lenet-1'))
    expect(score(different, 'lenet-2')).not.toBe(score(same, 'lenet-2'))
  })

  it('refuses numbers to predict and sizes that a model does not take', async () => {
    await expect(rank({ task: 'regression' })).rejects.toThrow(/a folder of images has classes/)
    await expect(rank({ size: ['24'] })).rejects.toThrow(/--size 24x24 does not fit the model/)
  })
})

describe('options per model', () => {
  it('spreads one value, matches several, and leaves auto to the model', () => {
    const call = { models: ['a', 'b', 'c'], preset: ['auto', 'caffe', 'imagenet'], size: ['96'], mean: ['1,2,3'] }
    expect(optionsPerModel(call)).toEqual([
      { size: '96', mean: '1,2,3' },
      { preset: 'caffe', size: '96', mean: '1,2,3' },
      { preset: 'imagenet', size: '96', mean: '1,2,3' },
    ])
  })

  it('refuses any other number of values', () => {
    expect(() => optionsPerModel({ models: ['a', 'b', 'c'], preset: ['caffe', 'auto'] })).toThrow(
      /--preset has 2 values for 3 models.*commas/,
    )
    expect(() => optionsPerModel({ models: ['a'], mean: ['1', '2'] })).toThrow(
      /--mean has 2 values for 1 model: .*once/,
    )
  })
})
