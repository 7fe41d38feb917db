import { InvalidInputError } from '../../errors.ts'

/** An Einsum equation: the name of every axis of the operands, and of the result. Axes of an ellipsis are `.0`, `.1` … */
export interface Equation {
  readonly terms: readonly (readonly string[])[]
  readonly result: readonly string[]
}

/**
 * Reads `ij, jk -> ik` for operands of the given ranks. Without an arrow the result has the ellipsis, then the letters
 * that occur once, capitals first. An ellipsis that stands for fewer axes than another is aligned with the last ones.
 * Throws `InvalidInputError` where the equation and the ranks disagree.
 */
export function parseEquation(equation: string, ranks: readonly number[]): Equation {
  const fault = (what: string) => new InvalidInputError(`Einsum's equation "${equation}" ${what}`)
  const [left, right] = equation.replaceAll(' ', '').split('->')
  const sources = left.split(',')
  if (sources.length !== ranks.length) throw fault(`has ${sources.length} terms for ${ranks.length} operands`)
  const hidden = sources.map((term, i) => (term.includes('...') ? ranks[i] - (term.length - 3) : 0))
  const most = Math.max(...hidden)
  const ellipsis = Array.from({ length: most }, (_, i) => `.${i}`)
  const expand = (term: string, count: number): string[] =>
    term
      .split(/(\.\.\.|)/)
      .filter((each) => each !== '')
      .flatMap((each) => (each === '...' ? ellipsis.slice(most - count) : [each]))
  const terms = sources.map((term, i) => {
    const axes = hidden[i] < 0 ? [] : expand(term, hidden[i])
    if (axes.length !== ranks[i]) throw fault(`gives "${term}" to an operand with ${ranks[i]} axes`)
    return axes
  })
  const letters = terms.flat().filter((axis) => axis.length === 1)
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort()
  const result = right === undefined ? [...ellipsis, ...once] : expand(right, most)
  const unknown = result.find((axis) => !terms.some((term) => term.includes(axis)))
  if (unknown !== undefined) throw fault(`has "${unknown}" in its result alone`)
  return { terms, result }
}
