import type { Filters } from './first-filters.ts'

/** A picture of filters, row by row. */
export interface FilterGrid {
  readonly png: Buffer
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Filters in it. */
  readonly shown: number
}

export interface GridOptions {
  /** Order of three channels in the network's input; default `rgb`. */
  readonly channels?: 'rgb' | 'bgr' | 'grey' | undefined
  /** Pixels of one filter, about; default 44. */
  readonly side?: number
  readonly columns?: number
  /** The most filters; default 128. */
  readonly most?: number
}

const GAP = 4

/**
 * Draws filters as pixels: weight 0 is mid-grey, and the largest of a filter by absolute value is black or white (of three
 * channels, a full colour). So the picture says what a filter looks for, not how strongly.
 */
export async function filterGrid(filters: Filters, options: GridOptions = {}): Promise<FilterGrid> {
  const { channels: order = 'rgb', side = 44, most = 128 } = options
  const shown = Math.min(filters.count, most)
  const columns = Math.min(shown, options.columns ?? Math.ceil(Math.sqrt(shown * 1.8)))
  const scale = Math.max(1, Math.round(side / filters.width))
  const [tileWidth, tileHeight] = [filters.width * scale, filters.height * scale]
  const width = columns * (tileWidth + GAP) - GAP
  const height = Math.ceil(shown / columns) * (tileHeight + GAP) - GAP
  const pixels = Buffer.alloc(width * height * 4)
  for (let f = 0; f < shown; f++) {
    const colourAt = tileColours(filters, f, order === 'bgr')
    const left = (f % columns) * (tileWidth + GAP)
    const top = Math.floor(f / columns) * (tileHeight + GAP)
    for (let y = 0; y < tileHeight; y++) {
      for (let x = 0; x < tileWidth; x++) {
        const colour = colourAt(Math.floor(y / scale), Math.floor(x / scale))
        pixels.set([...colour, 255], ((top + y) * width + left + x) * 4)
      }
    }
  }
  const { default: sharp } = await import('sharp')
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  return { png, width, height, shown }
}

/** The colour of each place of a filter, three numbers of 0 to 255. */
function tileColours({ data, channels, height, width }: Filters, filter: number, reversed: boolean) {
  const area = height * width
  const own = data.subarray(filter * channels * area, (filter + 1) * channels * area)
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  return (y: number, x: number): number[] =>
    [0, 1, 2].map((c) => {
      const plane = channels === 1 ? 0 : reversed ? 2 - c : c
      return Math.round(127.5 * (1 + own[plane * area + y * width + x]! / largest))
    })
}
