import type { Kernels } from '../kernel.ts'
import { activations } from './activations.ts'
import { arithmetic } from './arithmetic.ts'
import { casts } from './casts.ts'
import { choosing } from './choosing.ts'
import { comparisons } from './comparisons.ts'
import { convolution } from './convolution.ts'
import { einsum } from './einsum.ts'
import { functions } from './functions.ts'
import { gathering } from './gathering.ts'
import { gridSampling } from './grid-sampling.ts'
import { joining } from './joining.ts'
import { losses } from './losses.ts'
import { making } from './making.ts'
import { marks } from './marks.ts'
import { normalisation } from './normalisation.ts'
import { batchNormalisation } from './normalisation-batch.ts'
import { localNormalisation } from './normalisation-local.ts'
import { ordering } from './ordering.ts'
import { padding } from './padding.ts'
import { passing } from './passing.ts'
import { permuting } from './permuting.ts'
import { pooling } from './pooling.ts'
import { products } from './products.ts'
import { recurrent } from './recurrent.ts'
import { reductions } from './reductions.ts'
import { repeating } from './repeating.ts'
import { reshaping } from './reshaping.ts'
import { resizing } from './resizing.ts'
import { scattering } from './scattering.ts'
import { sequences } from './sequences.ts'
import { slicing } from './slicing.ts'
import { softmaxes } from './softmax.ts'
import { transposedConvolution } from './transposed-convolution.ts'

/** Every operator that the interpreter knows. */
export const kernels: Kernels = {
  ...activations,
  ...arithmetic,
  ...casts,
  ...choosing,
  ...comparisons,
  ...convolution,
  ...einsum,
  ...functions,
  ...gathering,
  ...gridSampling,
  ...joining,
  ...losses,
  ...making,
  ...marks,
  ...normalisation,
  ...batchNormalisation,
  ...localNormalisation,
  ...ordering,
  ...padding,
  ...passing,
  ...permuting,
  ...pooling,
  ...products,
  ...recurrent,
  ...reductions,
  ...repeating,
  ...reshaping,
  ...resizing,
  ...scattering,
  ...sequences,
  ...slicing,
  ...softmaxes,
  ...transposedConvolution,
}
