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
import { joining } from './joining.ts'
import { making } from './making.ts'
import { marks } from './marks.ts'
import { ordering } from './ordering.ts'
import { padding } from './padding.ts'
import { passing } from './passing.ts'
import { permuting } from './permuting.ts'
import { pooling } from './pooling.ts'
import { products } from './products.ts'
import { reductions } from './reductions.ts'
import { repeating } from './repeating.ts'
import { reshaping } from './reshaping.ts'
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
  ...joining,
  ...making,
  ...marks,
  ...ordering,
  ...padding,
  ...passing,
  ...permuting,
  ...pooling,
  ...products,
  ...reductions,
  ...repeating,
  ...reshaping,
  ...scattering,
  ...sequences,
  ...slicing,
  ...softmaxes,
  ...transposedConvolution,
}
