import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dimension, type ElementType, graphBuilder, type Model } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import {
  batchDims,
  modelFileOf,
  PREPROCESSING_KEY,
  type PreprocessingOptions,
  parsePreprocessing,
  preprocessingOf,
  preprocessingText,
} from '../src/images/index.ts'
import { workFolder } from './graft.ts'

const root = workFolder()

function model(
  dims: readonly Dimension[],
  metadata: Record<string, string> = {},
  type: ElementType = 'float32',
): Model {
  const graph = graphBuilder()
  const x = graph.input('x', type, dims)
  graph.output('y', graph.node('Relu', [x]), type, dims)
  return graph.model(metadata)
}
const usual = ['N', 3, 224, 224] as const
async function found(dims: readonly Dimension[], options: PreprocessingOptions = {}, file = join(root, 'm.onnx')) {
  const warnings: string[] = []
  const preprocessing = await preprocessingOf(file, model(dims), options, { warn: (text) => warnings.push(text) })
  return { ...preprocessing, warnings }
}
async function configured(
  name: string,
  config: unknown,
  dims: readonly Dimension[] = usual,
  file = 'preprocessor_config.json',
) {
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), typeof config === 'string' ? config : JSON.stringify(config))
  return found(dims, {}, join(folder, 'model.onnx'))
}

describe('a model that nothing is said of', () => {
  it('is taken as a MobileNet, with a warning; size, layout and channels are its own', async () => {
    const it = await found(usual)
    expect(it).toMatchObject({
      width: 224,
      height: 224,
      channels: 'rgb',
      layout: 'nchw',
      resize: 'stretch',
      scale: 1 / 127.5,
    })
    expect(it.warnings.join()).toMatch(/nothing says how.*--preset imagenet/)
    expect(await found(['N', 96, 128, 3])).toMatchObject({ width: 128, height: 96, layout: 'nhwc' })
    const grey = await found(['N', 1, 28, 28], { preset: 'imagenet' })
    expect(grey).toMatchObject({ channels: 'grey', width: 28, warnings: [] })
    expect(grey.mean).toEqual([(0.485 + 0.456 + 0.406) / 3])
    expect(await found(['N', 3, 'h', 'w'])).toMatchObject({ width: 224, height: 224 })
    expect(await found(['N', 3, 'h', 'w'], { size: '320x240' })).toMatchObject({ width: 320, height: 240 })
    expect(batchDims(grey, 5)).toEqual([5, 1, 28, 28])
  })

  it('is refused where it takes no images', async () => {
    await expect(found(['N', 784])).rejects.toThrow(/input "x" is float32 \[N, 784\]: expected an image/)
    await expect(found(['N', 64, 7, 7])).rejects.toThrow(/1 or 3 channels/)
    await expect(preprocessingOf('m', model(usual, {}, 'uint8'))).rejects.toThrow(/images are given as float32/)
  })
})

describe('options', () => {
  it('change single values of a preset', async () => {
    expect(await found(usual, { preset: 'caffe' })).toMatchObject({ channels: 'bgr', mean: [104, 117, 123], scale: 1 })
    const own = await found(usual, { mean: '0.5,0.4,0.3', std: '0.2' })
    expect(own).toMatchObject({ mean: [0.5, 0.4, 0.3], std: [0.2], scale: 1 / 255, warnings: [] })
    expect(await found(usual, { mean: '127.5', std: '127.5' })).toMatchObject({ scale: 1, mean: [127.5] })
    expect((await found(usual, { preset: 'imagenet', channels: 'bgr' })).mean).toEqual([0.406, 0.456, 0.485])
  })

  it('are refused where they make no sense, by name', async () => {
    await expect(found(usual, { preset: 'imagnet' })).rejects.toThrow(/--preset imagnet.*did you mean "imagenet"/)
    await expect(found(usual, { size: '12y' })).rejects.toThrow(/--size 12y/)
    await expect(found(usual, { size: '256' })).rejects.toThrow(/does not fit the model: input "x" is 224 x 224/)
    await expect(found(usual, { mean: '1,2' })).rejects.toThrow(/--mean 1,2/)
    await expect(found(usual, { std: '0' })).rejects.toThrow(/--std 0/)
    await expect(found(usual, { channels: 'cmyk' })).rejects.toThrow(/--channels cmyk/)
    await expect(found(usual, { channels: 'grey' })).rejects.toThrow(/takes 3: choose --channels rgb/)
  })
})

describe('configurations', () => {
  const mean = [0.48, 0.45, 0.4]
  const std = [0.26, 0.26, 0.27]

  it('of an old ViT stretch to a size that is one number', async () => {
    const config = {
      do_normalize: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 2,
      size: 224,
    }
    expect(await configured('vit', config)).toMatchObject({
      resize: 'stretch',
      cropShare: 1,
      mean: [0.5, 0.5, 0.5],
      scale: 1 / 255,
      interpolation: 'bilinear',
      warnings: [],
    })
  })

  it('of CLIP crop the centre, by numbers or by objects', async () => {
    const rest = { do_center_crop: true, image_mean: mean, image_std: std, resample: 3 }
    const expected = { resize: 'crop', cropShare: 1, mean, std, interpolation: 'bicubic' }
    expect(await configured('clip-old', { ...rest, size: 224, crop_size: 224 })).toMatchObject(expected)
    const sizes = { size: { shortest_edge: 224 }, crop_size: { height: 224, width: 224 } }
    expect(await configured('clip', { ...rest, ...sizes, do_convert_rgb: true })).toMatchObject(expected)
  })

  it('of MobileNet V2 and ConvNeXT crop a share', async () => {
    const mobile = {
      size: { shortest_edge: 256 },
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      do_rescale: true,
      rescale_factor: 1 / 255,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    }
    expect(await configured('mobile', mobile)).toMatchObject({ resize: 'crop', cropShare: 0.875 })
    const next = { size: { shortest_edge: 224 }, crop_pct: 0.875, image_mean: mean, image_std: std }
    expect(await configured('next', next)).toMatchObject({ resize: 'crop', cropShare: 0.875 })
    const large = { size: { shortest_edge: 384 }, crop_pct: 0.95 }
    expect(await configured('next384', large, ['N', 3, 384, 384])).toMatchObject({ resize: 'stretch', cropShare: 1 })
  })

  it('may leave steps out, flip channels or shift the range', async () => {
    const raw = {
      do_rescale: false,
      do_normalize: false,
      do_flip_channel_order: true,
      size: { height: 224, width: 224 },
    }
    expect(await configured('raw', raw)).toMatchObject({
      scale: 1,
      mean: [0],
      std: [1],
      channels: 'bgr',
      resize: 'stretch',
    })
    const shifted = { rescale_factor: 1 / 127.5, rescale_offset: true, do_normalize: false, size: 224 }
    expect(await configured('shifted', shifted)).toMatchObject({ scale: 1 / 127.5, mean: [1], std: [1] })
    expect((await configured('padded', { do_pad: true, size: 224 })).warnings.join()).toMatch(/do_pad is not followed/)
  })

  it('are found beside a model, above its onnx folder, or as timm writes them', async () => {
    const config = { size: { height: 160, width: 160 }, image_mean: mean, image_std: std }
    await configured('repository', config)
    mkdirSync(join(root, 'repository', 'onnx'))
    const file = join(root, 'repository', 'onnx', 'model.onnx')
    writeFileSync(file, '')
    expect(await modelFileOf(join(root, 'repository'))).toBe(file)
    expect(await modelFileOf(file)).toBe(file)
    expect(await found(['N', 3, 'h', 'w'], {}, file)).toMatchObject({ width: 160, mean })
    const clash = await found(usual, {}, file)
    expect(clash.width).toBe(224)
    expect(clash.warnings.join()).toMatch(/says 160 x 160, but input "x" is 224 x 224/)
    const timm = { pretrained_cfg: { input_size: [3, 224, 224], mean, std, crop_pct: 0.9, interpolation: 'bicubic' } }
    expect(await configured('timm', timm, usual, 'config.json')).toMatchObject({
      cropShare: 0.9,
      interpolation: 'bicubic',
      mean,
    })
    expect((await configured('other', 'not json', usual, 'config.json')).warnings).toHaveLength(1)
    await expect(modelFileOf(root)).rejects.toThrow(/no model in this folder/)
    await expect(modelFileOf(join(root, 'absent'))).rejects.toThrow(/no such file/)
  })

  it('that are broken are refused by the name of what is wrong', async () => {
    await expect(configured('broken', '{')).rejects.toThrow(/preprocessor_config\.json: it is no JSON/)
    await expect(configured('minus', { size: -3 })).rejects.toThrow(/size/)
    await expect(configured('zero', { image_std: [0, 1, 1] })).rejects.toThrow(/image_std holds 0/)
    await expect(configured('two', { image_mean: [0, 1] })).rejects.toThrow(/image_mean holds 2 numbers/)
  })
})

it('a tuned model says itself how it wants its images', async () => {
  const preprocessing = await preprocessingOf('m', model(usual), { preset: 'caffe' })
  expect(parsePreprocessing(preprocessingText(preprocessing))).toEqual(preprocessing)
  const tuned = model(usual, { [PREPROCESSING_KEY]: preprocessingText(preprocessing) })
  expect(await preprocessingOf('m', tuned)).toEqual(preprocessing)
  expect(await preprocessingOf('m', tuned, { preset: 'imagenet' })).toMatchObject({ channels: 'rgb' })
  expect(() => parsePreprocessing('{"width": 0}', 'm.onnx')).toThrow(/m\.onnx: metadata graft\.preprocessing, width/)
  expect(() => parsePreprocessing('?')).toThrow(/no JSON/)
})
