/** Where in its input a problem was found; printed as `file, row 3, column "age"`. Rows count from 1, header excluded. */
export interface InputLocation {
  readonly file?: string
  readonly row?: number
  readonly column?: string | number
}

/** The call or its input was wrong. The message says what was got, what was expected, where, and what to do. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError'
  readonly location: InputLocation

  constructor(message: string, location: InputLocation = {}) {
    super(`${describeLocation(location)}${message}`)
    this.location = location
  }
}

/** A graph holds an operator that the asked-for work cannot handle; names the node and the operator. */
export class UnsupportedOperatorError extends Error {
  override readonly name = 'UnsupportedOperatorError'
  readonly operator: string
  readonly node: string

  constructor(operator: string, node: string, advice: string) {
    super(`operator ${operator} (node "${node}") is not supported: ${advice}`)
    this.operator = operator
    this.node = node
  }
}

/** An iteration stopped at its limit with a residual above its tolerance. */
export class DidNotConvergeError extends Error {
  override readonly name = 'DidNotConvergeError'
  readonly residual: number

  constructor(what: string, residual: number, advice: string) {
    super(`${what} did not converge (residual ${residual.toExponential(2)}): ${advice}`)
    this.residual = residual
  }
}

function describeLocation({ file, row, column }: InputLocation): string {
  const parts = [
    file,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : typeof column === 'string' ? `column "${column}"` : `column ${column}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? '' : `${parts.join(', ')}: `
}
