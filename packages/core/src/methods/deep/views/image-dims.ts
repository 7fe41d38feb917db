/** The sizes of a row that is an image: channels, height, width. */
export type ImageDims = readonly [channels: number, height: number, width: number]

/** A row's sizes as those of an image, where it is one: three of them. */
export const imageDims = (dims: readonly number[]): ImageDims | undefined => {
  const [channels, height, width, ...more] = dims
  if (channels === undefined || height === undefined || width === undefined || more.length > 0) return undefined
  return [channels, height, width]
}
