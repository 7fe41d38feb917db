import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'
import { centredRows } from './centred-rows.ts'
import { checkFinite } from './present-classes.ts'
import { type RowBasis, rowBasis } from './row-basis.ts'

/** The singular bases of some features (`n × d`): the costly part of several scores, computed when first asked for. */
export interface FeatureBases {
  readonly features: Matrix
  /** Of the features as they are. */
  raw(): Promise<RowBasis>
  /** Of the features less their mean row, with those rows (`n × d`). */
  centred(): Promise<RowBasis & { readonly rows: Matrix }>
}

/** Makes bases that scores of the same features share. Asking throws `InvalidInputError` where features are not finite. */
export function featureBases(runtime: Runtime, features: Matrix): FeatureBases {
  let raw: Promise<RowBasis> | undefined
  let centred: Promise<RowBasis & { readonly rows: Matrix }> | undefined
  const makeCentred = async () => {
    checkFinite('features', features)
    const rows = centredRows(features)
    return { rows, ...(await rowBasis(runtime, rows)) }
  }
  const makeRaw = async () => {
    checkFinite('features', features)
    return rowBasis(runtime, features)
  }
  return {
    features,
    raw() {
      raw ??= makeRaw()
      return raw
    },
    centred() {
      centred ??= makeCentred()
      return centred
    },
  }
}
