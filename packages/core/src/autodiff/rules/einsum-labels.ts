import { InvalidInputError } from '../../errors.ts'

/** The label of every axis of Einsum's operands, and of its result. */
export interface EinsumLabels {
  readonly operands: readonly (readonly string[])[]
  readonly result: readonly string[]
}

/**
 * Labels the axes of operands with the given ranks by an equation such as `...ij,jk->...ik`. Axes behind an ellipsis are
 * labelled by their distance from its end, `…1` being the last, so that equal labels broadcast. Without an arrow the
 * result has the ellipsis and then, in order, the letters that occur once. Throws `InvalidInputError` for an equation
 * that does not fit the ranks.
 */
export function einsumLabels(equation: string, ranks: readonly number[]): EinsumLabels {
  const [left, right] = equation.replace(/\s/g, '').split('->')
  const terms = left!.split(',')
  const letters = (term: string) => term.replace('...', '').length
  const behind = terms.map((term, i) => (term.includes('...') ? (ranks[i] ?? 0) - letters(term) : 0))
  const labels = (term: string, count: number): string[] => {
    const ellipsis = Array.from({ length: count }, (_, i) => `…${count - i}`)
    const [before, after] = term.split('...')
    return after === undefined ? [...before!] : [...before!, ...ellipsis, ...after]
  }
  const operands = terms.map((term, i) => labels(term, Math.max(0, behind[i]!)))
  if (terms.length !== ranks.length || operands.some((each, i) => each.length !== ranks[i])) {
    throw new InvalidInputError(`the Einsum equation "${equation}" does not fit operands of ${ranks.join(', ')} axes`)
  }
  const most = Math.max(0, ...behind)
  const all = operands.flat()
  const once = [...new Set(all)].filter((label) => label.length === 1 && all.indexOf(label) === all.lastIndexOf(label))
  return { operands, result: labels(right ?? `...${once.sort().join('')}`, most) }
}
