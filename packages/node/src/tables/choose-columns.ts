import { didYouMean, InvalidInputError } from 'graft-learn'
import type { ReadTableOptions } from './table.ts'

/** Which columns of a file, by position, are features and which is the label. */
export interface ColumnChoice {
  readonly features: readonly number[]
  /** Names of the features, in the same order. */
  readonly names: readonly string[]
  /** Position of the label column, -1 where there is none. */
  readonly label: number
  readonly dropped: readonly string[]
}

/** The name of the label column where none is given. */
export const defaultLabel = 'label'

/**
 * Chooses the columns. Throws `InvalidInputError` for two columns of one name, a column without a name, a label column
 * that was asked for and is not there, and a file without a feature.
 */
export function chooseColumns(file: string, names: readonly string[], options: ReadTableOptions): ColumnChoice {
  const { label: labelName = defaultLabel, labelRequired = false, drop = [] } = options
  const dropped = new Set(drop)
  const kept = names.map((_, j) => j).filter((j) => !dropped.has(names[j]!))
  checkNames(file, names, kept)
  const label = kept.find((j) => names[j] === labelName) ?? -1
  if (label === -1) checkLabel(file, names, kept, labelName, labelRequired)
  const features = kept.filter((j) => j !== label)
  if (features.length === 0) {
    throw new InvalidInputError('it has no feature columns: expected at least one column beside the label', { file })
  }
  return {
    features,
    names: features.map((j) => names[j]!),
    label,
    dropped: [...dropped].filter((name) => names.includes(name)),
  }
}

function checkNames(file: string, names: readonly string[], kept: readonly number[]): void {
  const seen = new Set<string>()
  for (const j of kept) {
    const name = names[j]!
    if (name === '') {
      throw new InvalidInputError(
        'the column has no name: name it, or leave it out with --drop "" (pandas writes its index so, unless index=False)',
        { file, column: j + 1 },
      )
    }
    if (seen.has(name)) {
      throw new InvalidInputError('two columns have this name: rename one, or check that the first row holds names', {
        file,
        column: name,
      })
    }
    seen.add(name)
  }
}

function checkLabel(
  file: string,
  names: readonly string[],
  kept: readonly number[],
  labelName: string,
  required: boolean,
): void {
  const others = kept.map((j) => names[j]!)
  if (required) {
    const shown = others.slice(0, 8).map((name) => `"${name}"`)
    const listed = `its columns are ${shown.join(', ')}${others.length > 8 ? `, … (${others.length})` : ''}`
    throw new InvalidInputError(
      `it has no column "${labelName}"${didYouMean(labelName, others) || `: ${listed}`}; say which column holds the labels with --label`,
      { file },
    )
  }
  const alike = others.find((name) => name.toLowerCase() === labelName.toLowerCase())
  if (alike !== undefined) {
    throw new InvalidInputError(
      `the label column is "${labelName}", and this one is named alike: say --label ${alike} if it holds the labels, else rename it or leave it out with --drop ${alike}`,
      { file, column: alike },
    )
  }
}
