import { InvalidInputError } from 'graft-learn'

/** Where a cell is: its row (from 1), column, and, in a text file, line (from 1). */
export interface CellPlace {
  readonly file: string
  readonly row: number
  readonly column: string
  readonly line?: number | undefined
}

const onLine = (line: number | undefined): string => (line === undefined ? '' : ` (line ${line} of the file)`)

/** A feature cell that holds nothing. */
export const missingFault = ({ file, row, column, line }: CellPlace): InvalidInputError =>
  new InvalidInputError(
    `the cell is empty${onLine(line)}, expected a number: fill it in, remove the row, or leave the column out with ${drop(column)}`,
    { file, row, column },
  )

/** A feature cell that holds NaN or an infinity, or a number too large for float64. */
export const notFiniteFault = ({ file, row, column, line }: CellPlace, text: string): InvalidInputError =>
  new InvalidInputError(
    `the cell is ${text}${onLine(line)}, expected a finite number: replace it, remove the row, or leave the column out with ${drop(column)}`,
    { file, row, column },
  )

/** A text cell in a column that also holds numbers. */
export const textFault = ({ file, row, column, line }: CellPlace, text: string): InvalidInputError =>
  new InvalidInputError(
    `the cell is ${shortened(text)}${onLine(line)}, expected a number: correct it, leave the column out with ${drop(column)}, or say ${label(column)} if it is the label`,
    { file, row, column },
  )

/** Columns that hold no number at all. */
export function textColumnsFault(file: string, columns: readonly string[], what = 'text'): InvalidInputError {
  const [first = ''] = columns
  const others = columns.slice(1, 6).map((name) => `"${name}"`)
  const more = columns.length > 6 ? ` and ${columns.length - 6} more` : ''
  const also = others.length === 0 ? '' : ` (and so ${others.length === 1 ? 'does' : 'do'} ${others.join(', ')}${more})`
  return new InvalidInputError(
    `it is a ${what} column: it holds ${what} throughout${also}, expected numbers: leave it out with ${drop(first)}, or say ${label(first)} if it is the label`,
    { file, column: first },
  )
}

/** Numbers as text, in the forms that are not finite: what a cell that is not a plain number still may be. */
export const isNotFiniteText = (text: string): boolean =>
  /^[+-]?(nan|inf|infinity)$/i.test(text) || (isNumberText(text) && !Number.isFinite(Number(text)))

/** Whether a trimmed text is a decimal number. */
export const isNumberText = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)

/** The fault of a feature cell, by its text; null is an empty cell. */
export function cellFault(place: CellPlace, text: string | null): InvalidInputError {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return missingFault(place)
  return isNotFiniteText(trimmed) ? notFiniteFault(place, trimmed) : textFault(place, trimmed)
}

/** A text in quotes, cut where it is long. */
export const shortened = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)

/** A column name that `--drop` would split at its commas, in the quotes that keep it whole, and those in the shell's. */
const quotedName = (name: string): string => `'"${name.replaceAll('"', '""')}"'`
const word = (name: string): string => (/^[\w.:/-]+$/.test(name) ? name : JSON.stringify(name))
const drop = (column: string): string => `--drop ${/[,"]/.test(column) ? quotedName(column) : word(column)}`
const label = (column: string): string => `--label ${word(column)}`
