import { columnOptions, type ReadTableOptions } from '../tables/index.ts'
import type { SavedModel } from './saved-model.ts'

/** How a file is read for a model: svmlight files as wide, and counted from the same number, as those it was fitted on. */
export const readOptions = (
  call: { readonly label?: string; readonly drop?: readonly string[] },
  model: Pick<SavedModel, 'features' | 'firstIndex'>,
): ReadTableOptions => ({
  ...columnOptions(call),
  ...(model.features === null ? {} : { features: model.features }),
  ...(model.firstIndex === null ? {} : { firstIndex: model.firstIndex }),
})
