import { type Matrix, matrix } from 'graft-learn'

/** A dense matrix that rows are added to, when their number is not known beforehand. */
export interface GrowingRows {
  /** Where the next row's values go; zeros at first. */
  next(): Float64Array
  /** All rows. */
  matrix(): Matrix
}

/** Starts with no rows of `width` values; keeps rows in blocks, so that none is copied more than once. */
export function growingRows(width: number): GrowingRows {
  const blockRows = Math.max(1, Math.floor((1 << 20) / Math.max(1, width)))
  const blocks: Float64Array[] = []
  let rows = 0
  return {
    next: () => {
      const within = rows % blockRows
      if (within === 0) blocks.push(new Float64Array(blockRows * width))
      rows++
      return blocks.at(-1)!.subarray(within * width, (within + 1) * width)
    },
    matrix: () => {
      const whole = matrix(rows, width)
      blocks.forEach((block, b) => {
        const left = whole.data.length - b * blockRows * width
        whole.data.set(left < block.length ? block.subarray(0, left) : block, b * blockRows * width)
      })
      return whole
    },
  }
}
