import { type Preprocessing, type PreprocessingOptions, presets, readPreprocessingOptions } from '../images/index.ts'

/** The side of images for networks that start at random, in pixels. */
const SIDE = 32

/** How images are prepared for a network that no file tells about: 32 × 32 pixels in colour from −1 to 1, stretched to size. */
export function pixelPreprocessing(options: PreprocessingOptions): Preprocessing {
  const { preset, size, channels, normalisation } = readPreprocessingOptions(options)
  const values = { ...(preset ?? presets.mobilenet), ...normalisation, ...(channels && { channels }) }
  return { ...values, width: size?.width ?? SIDE, height: size?.height ?? SIDE, layout: 'nchw' }
}
