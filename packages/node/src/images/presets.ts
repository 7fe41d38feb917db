import { didYouMean, InvalidInputError } from 'graft-learn'
import type { Preprocessing } from './preprocessing.ts'

/** What a preset decides; size and layout are the model's. */
export type PresetValues = Omit<Preprocessing, 'width' | 'height' | 'layout'>

/** Usual ways to prepare images. */
export const presets = {
  /** torchvision's: shorter side to 256/224 of the size, centre crop, mean and spread of ImageNet. */
  imagenet: {
    resize: 'crop',
    cropShare: 0.875,
    channels: 'rgb',
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    interpolation: 'bilinear',
  },
  /** Keras' and TensorFlow's MobileNets and Inceptions: `x/127.5 − 1`, sides stretched to size. */
  mobilenet: {
    resize: 'stretch',
    cropShare: 1,
    channels: 'rgb',
    scale: 1 / 127.5,
    mean: [1],
    std: [1],
    interpolation: 'bilinear',
  },
  /** Caffe's networks: BGR minus its mean, sides stretched to size. */
  caffe: {
    resize: 'stretch',
    cropShare: 1,
    channels: 'bgr',
    scale: 1,
    mean: [104, 117, 123],
    std: [1],
    interpolation: 'bilinear',
  },
} as const satisfies Record<string, PresetValues>

export type PresetName = keyof typeof presets

/** A preset by name; throws `InvalidInputError` for others. */
export function presetNamed(name: string): PresetValues {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName]
  const known = Object.keys(presets)
  throw new InvalidInputError(`--preset ${name}: expected ${known.join(', ')}${didYouMean(name, known)}`)
}
