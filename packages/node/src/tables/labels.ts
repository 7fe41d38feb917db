import { isNumberText } from './faults.ts'

/**
 * Class names out of the texts of a label column, so that files of every form name classes alike: trimmed; an empty
 * text has no label; where all are numbers, `1.0` and `+1` become `1` and NaN has no label; where all are booleans they
 * become `true` and `false`. Numbers with leading zeros (`007`) are codes, and stay as they are, with all others.
 */
export function classNames(texts: readonly (string | null)[]): (string | null)[] {
  const trimmed = texts.map((text) => text?.trim() || null)
  const distinct = new Set(trimmed)
  distinct.delete(null)
  const values = [...distinct].filter((text) => text !== null)
  const rename = new Map<string | null, string | null>([[null, null]])
  const numeric = values.every((text) => isNaNText(text) || (isNumberText(text) && !/^[+-]?0\d/.test(text)))
  const boolean = values.every((text) => /^(true|false)$/i.test(text))
  for (const text of values) rename.set(text, numeric ? numberName(text) : boolean ? text.toLowerCase() : text)
  return trimmed.map((text) => rename.get(text) ?? null)
}

const isNaNText = (text: string): boolean => /^[+-]?nan$/i.test(text)

/** `1` for `1.0`, `+1` and `1e0`; whole numbers of any length keep their digits; null for NaN. */
export function numberName(text: string): string | null {
  if (isNaNText(text)) return null
  if (/^[+-]?\d+$/.test(text)) return `${BigInt(text.replace('+', ''))}`
  const value = Number(text)
  return Number.isFinite(value) ? `${value === 0 ? 0 : value}` : text
}
