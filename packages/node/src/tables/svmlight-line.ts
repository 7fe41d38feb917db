import { InvalidInputError } from 'graft-learn'
import { isNotFiniteText, isNumberText, shortened } from './faults.ts'

/** One row of an svmlight file: index and value pairs, by ascending index as the file numbers them. */
export interface SvmlightRow {
  /** The label's text; null where the line begins with a pair. */
  readonly label: string | null
  readonly pairs: readonly (readonly [index: number, value: number])[]
}

/**
 * Reads `label [qid:n] index:value …  # comment`; null for a line that holds no row. Throws `InvalidInputError` for
 * what is not a pair, for a value that is not a finite number and for an index that comes twice.
 */
export function parseSvmlightLine(
  place: { readonly file: string; readonly row: number; readonly line: number },
  text: string,
): SvmlightRow | null {
  const comment = text.indexOf('#')
  const tokens = (comment === -1 ? text : text.slice(0, comment)).trim().split(/\s+/)
  if (tokens[0] === '') return null
  const labelled = !tokens[0]!.includes(':')
  const pairs: [number, number][] = []
  let ascending = true
  for (let t = labelled ? 1 : 0; t < tokens.length; t++) {
    const token = tokens[t]!
    if (token.startsWith('qid:')) continue
    const colon = token.indexOf(':')
    const index = token.slice(0, colon)
    const value = token.slice(colon + 1)
    if (colon === -1 || !/^\d{1,9}$/.test(index) || !(isNumberText(value) || isNotFiniteText(value))) {
      throw faultOf(place, `got ${shortened(token)}, expected index:value with a whole number before the colon`)
    }
    if (!Number.isFinite(Number(value))) {
      throw faultOf(
        place,
        `the value is ${value}, expected a finite number: replace it or remove the row`,
        Number(index),
      )
    }
    ascending &&= pairs.length === 0 || Number(index) > pairs.at(-1)![0]
    pairs.push([Number(index), Number(value)])
  }
  if (!ascending) {
    pairs.sort(([a], [b]) => a - b)
    const twice = pairs.find(([index], k) => index === pairs[k + 1]?.[0])
    if (twice !== undefined) throw faultOf(place, 'the index comes twice: keep one of its values', twice[0])
  }
  return { label: labelled ? tokens[0]! : null, pairs }
}

function faultOf(
  { file, row, line }: { readonly file: string; readonly row: number; readonly line: number },
  message: string,
  column?: number,
): InvalidInputError {
  const location = column === undefined ? { file, row } : { file, row, column }
  return new InvalidInputError(`${message} (line ${line} of the file)`, location)
}
