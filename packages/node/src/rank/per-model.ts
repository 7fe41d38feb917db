import { InvalidInputError } from 'graft-learn'
import type { PreprocessingOptions } from '../images/index.ts'
import type { RankCall } from './rank-call.ts'

/** Says that a model's own files decide. */
const OWN = 'auto'

const names = ['preset', 'size', 'mean', 'std', 'channels'] as const

/**
 * The preprocessing options of each model: a single value goes for all of them, several are one for each, in order.
 * Throws `InvalidInputError` for any other number of them.
 */
export function optionsPerModel(call: Pick<RankCall, 'models' | (typeof names)[number]>): PreprocessingOptions[] {
  const count = call.models.length
  return call.models.map((_, i) => {
    const chosen: Record<string, string> = {}
    for (const name of names) {
      const values = call[name]
      if (values === undefined) continue
      if (values.length !== 1 && values.length !== count) {
        const how = name === 'mean' || name === 'std' ? `--${name} once for each` : 'with commas between them'
        throw new InvalidInputError(
          `--${name} has ${values.length} values for ${count} ${count === 1 ? 'model' : 'models'}: give one for all, or one for each (${how}; ${OWN} where the model says it itself)`,
        )
      }
      const value = values.length === 1 ? values[0]! : values[i]!
      if (value !== OWN) chosen[name] = value
    }
    return chosen
  })
}

/** The first preprocessing option that a call has, for the message that a table has no use for it. */
export const imageOptionOf = (call: RankCall): string | undefined => names.find((name) => call[name] !== undefined)
