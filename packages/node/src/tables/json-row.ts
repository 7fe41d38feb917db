import { InvalidInputError } from 'graft-learn'
import { shortened } from './faults.ts'

/** A line of a `.jsonl` file: a value of any kind under each key. */
export type JsonRow = Readonly<Record<string, unknown>>

/** One line as an object; throws `InvalidInputError` with the line where it is not one. */
export function parseJsonRow(
  { file, row, line }: { readonly file: string; readonly row: number; readonly line: number },
  text: string,
): JsonRow {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const advice = /\b(NaN|-?Infinity)\b/.test(text)
      ? 'JSON has no NaN or Infinity: write null'
      : text.trim() === '['
        ? 'it is one JSON list: write one object per line, without the list around them'
        : 'expected one whole object per line'
    throw new InvalidInputError(`line ${line} of the file is not JSON, got ${shortened(text.trim())}: ${advice}`, {
      file,
      row,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInputError(
      `line ${line} of the file holds ${shortened(text.trim())}, expected an object such as {"height": 1.5, "label": "cat"}`,
      { file, row },
    )
  }
  return value as JsonRow
}
