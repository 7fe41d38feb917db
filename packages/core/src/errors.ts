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

/** A node that cannot be handled, and its operator. */
export interface UnsupportedNode {
  readonly operator: string
  readonly node: string
}

/** A graph holds operators that the asked-for work cannot handle; names each node and its operator. */
export class UnsupportedOperatorError extends Error {
  override readonly name = 'UnsupportedOperatorError'
  readonly nodes: readonly UnsupportedNode[]

  constructor(nodes: readonly UnsupportedNode[], advice: string) {
    const list = nodes.map(({ operator, node }) => (node === '' ? operator : `${operator} (node "${node}")`))
    const one = nodes.length === 1
    super(`the ${one ? 'operator' : 'operators'} ${list.join(', ')} ${one ? 'is' : 'are'} not supported: ${advice}`)
    this.nodes = nodes
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

/** Where training broke down. */
export interface Divergence {
  /** Counted from 1. */
  readonly step: number
  readonly learningRate: number
  readonly loss: number
  /** The first value of the step that was infinite or no number. */
  readonly tensor: string
}

/** A loss became infinite or no number; nothing of that step is kept. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
  readonly divergence: Divergence

  constructor(divergence: Divergence, reason: string) {
    const { step, learningRate, loss, tensor } = divergence
    super(
      `training diverged at step ${step} (loss ${loss}, learning rate ${learningRate}): "${tensor}" was the first value to be infinite or no number; ${reason}. Lower the learning rate, clip gradients by norm, or scale the inputs`,
    )
    this.divergence = divergence
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
