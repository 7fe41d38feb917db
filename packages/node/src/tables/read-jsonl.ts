import { InvalidInputError } from 'graft-learn'
import { type ColumnChoice, chooseColumns, defaultLabel } from './choose-columns.ts'
import { missingFault, notFiniteFault, textColumnsFault, textFault } from './faults.ts'
import { type GrowingRows, growingRows } from './growing-rows.ts'
import { type JsonRow, parseJsonRow } from './json-row.ts'
import { classNames } from './labels.ts'
import type { TableReader } from './table.ts'
import { textLines } from './text-chunks.ts'

/**
 * Reads a `.jsonl` file: an object per line, its keys the columns. The first row's keys are the features; a later row
 * may leave out the label, and nothing else.
 */
export const readJsonl: TableReader = async (file, options) => {
  const labelName = options.label ?? defaultLabel
  const dropped = new Set(options.drop ?? [])
  const seen = new Set<string>()
  const labels: (string | null)[] = []
  let labelSeen = false
  let choice: ColumnChoice | undefined
  let rows: GrowingRows | undefined
  let watch: ColumnWatch | undefined
  let row = 0
  for await (const { line, text } of textLines(file)) {
    if (text.trim() === '') continue
    const place = { file, row: ++row, line }
    const object = parseJsonRow(place, text)
    const keys = Object.keys(object)
    if (choice === undefined || rows === undefined || watch === undefined) {
      // Whether the label column is there is known at the end: any row may bring it.
      choice = chooseColumns(file, keys, { ...options, labelRequired: false })
      rows = growingRows(choice.names.length)
      watch = watchColumns(file, choice.names)
    }
    for (const key of keys) if (dropped.has(key)) seen.add(key)
    watch.checkKeys(place, keys, (key) => key === labelName || dropped.has(key))
    const values = rows.next()
    for (let j = 0; j < values.length; j++) values[j] = watch.numberOf(place, object, j)
    labelSeen ||= Object.hasOwn(object, labelName) && !dropped.has(labelName)
    labels.push(labelText(place, labelName, object))
  }
  if (choice === undefined || rows === undefined || watch === undefined) {
    throw new InvalidInputError('it has no rows: expected a JSON object per line', { file })
  }
  watch.finish()
  if (!labelSeen && options.labelRequired) chooseColumns(file, choice.names, options)
  return {
    file,
    columns: choice.names,
    named: true,
    features: rows.matrix(),
    labels: labelSeen ? classNames(labels) : null,
    dropped: [...seen],
  }
}

interface Place {
  readonly file: string
  readonly row: number
  readonly line: number
}

interface ColumnWatch {
  /** Throws for a key that the first row lacks. */
  checkKeys(place: Place, keys: readonly string[], allowed: (key: string) => boolean): void
  /** The value of a feature; NaN where it is none, which `finish` throws for. */
  numberOf(place: Place, object: JsonRow, feature: number): number
  /** Throws for columns of text, else for the first bad cell. */
  finish(): void
}

/** Keeps the first fault and tells, at the end, a column of text from one bad cell. */
function watchColumns(file: string, names: readonly string[]): ColumnWatch {
  const known = new Set(names)
  const hasNumber = names.map(() => false)
  const hasText = names.map(() => false)
  let first: InvalidInputError | undefined
  return {
    checkKeys: (place, keys, allowed) => {
      const extra = keys.find((key) => !known.has(key) && !allowed(key))
      if (extra === undefined) return
      first ??= new InvalidInputError(
        `the row has a key that row 1 lacks (line ${place.line} of the file): give every row the same keys, or leave this one out with --drop ${extra}`,
        { file, row: place.row, column: extra },
      )
    },
    numberOf: (place, object, feature) => {
      const column = names[feature]!
      const value = Object.hasOwn(object, column) ? object[column] : null
      if (typeof value === 'number' || typeof value === 'boolean') {
        hasNumber[feature] = true
        if (Number.isFinite(Number(value))) return Number(value)
        first ??= notFiniteFault({ ...place, column }, `${value}`)
      } else if (typeof value === 'string' && value.trim() !== '') {
        hasText[feature] = true
        first ??= textFault({ ...place, column }, value)
      } else if (typeof value === 'object' && value !== null) {
        throw nestedFault(place, column)
      } else {
        first ??= missingFault({ ...place, column })
      }
      return Number.NaN
    },
    finish: () => {
      const texts = names.filter((_, j) => hasText[j] && !hasNumber[j])
      if (texts.length > 0) throw textColumnsFault(file, texts)
      if (first !== undefined) throw first
    },
  }
}

function labelText(place: Place, name: string, object: JsonRow): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : null
  if (value === null || value === undefined) return null
  if (typeof value === 'object') throw nestedFault(place, name)
  return `${value}`
}

const nestedFault = ({ file, row, line }: Place, column: string) =>
  new InvalidInputError(
    `the value is a list or an object (line ${line} of the file), expected a number: give each of its values a key of its own, or leave it out with --drop ${column}`,
    { file, row, column },
  )
