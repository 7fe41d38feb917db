import { affineStage, composeStages, linearStage, type Stage } from '../../../onnx/index.ts'
import { type Matrix, sliceRows, stackRows } from '../../../tensor/index.ts'
import type { MethodContext } from '../../method.ts'
import { centred, meanRow } from '../../rows.ts'
import { fromSpan, spannedRows } from '../row-span.ts'
import { kernelFeatures } from './kernel-features.ts'

export const coordinateKernels = ['primal', 'linear', 'rbf'] as const
export type CoordinateKernel = (typeof coordinateKernels)[number]

/** Rows of two domains in coordinates whose products are a kernel's values, so that a map's size there is its size. */
export interface DomainCoordinates {
  /** `n_s × m`. */
  readonly source: Matrix
  /** `n_t × m`. */
  readonly target: Matrix
  /** From rows to their images under a map of the coordinates (`m × k`). */
  readonly embed: (map: Matrix) => Promise<Stage>
  readonly bandwidth?: number
}

/**
 * Coordinates of `source` (`n_s × d`) and `target` (`n_t × d`): for `primal` those of the rows as they are, for `linear` (`xᵀy`)
 * and `rbf` (`exp(−‖x−y‖²/2σ²)`) those in the kernel's space around the mean of all rows. No more than there are rows where
 * these are few. `bandwidth` null: the median distance of the rows.
 */
export async function domainCoordinates(
  context: Pick<MethodContext, 'runtime' | 'memoryLimit'>,
  source: Matrix,
  target: Matrix,
  kernel: CoordinateKernel,
  bandwidth: number | null,
): Promise<DomainCoordinates> {
  const { runtime } = context
  const x = stackRows([source, target])
  const halves = (rows: Matrix) => ({
    source: sliceRows(rows, 0, source.rows),
    target: sliceRows(rows, source.rows, rows.rows),
  })
  if (kernel === 'primal') {
    const spanned = await spannedRows(runtime, x)
    return { ...halves(spanned.rows), embed: async (map) => linearStage(await fromSpan(runtime, spanned, map)) }
  }
  if (kernel === 'linear') {
    const { mean } = meanRow(x)
    const spanned = await spannedRows(runtime, centred(x, mean))
    return {
      ...halves(spanned.rows),
      embed: async (map) => composeStages([minus(mean), linearStage(await fromSpan(runtime, spanned, map))]),
    }
  }
  const features = await kernelFeatures(context, x, 'rbf', bandwidth)
  const { mean } = meanRow(features.rows)
  return {
    ...halves(centred(features.rows, mean)),
    embed: async (map) => composeStages([features.embed(map), minus(imageOf(mean, map))]),
    ...(features.bandwidth === undefined ? {} : { bandwidth: features.bandwidth }),
  }
}

/** `x − offset`. */
const minus = (offset: Float64Array): Stage => affineStage(offset, new Float64Array(offset.length).fill(1))

/** `mean · map`. */
function imageOf(mean: Float64Array, { rows, columns, data }: Matrix): Float64Array {
  const image = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) image[j] = image[j]! + mean[i]! * data[i * columns + j]!
  }
  return image
}
