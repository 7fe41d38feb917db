import { InvalidInputError } from '../errors.ts'
import { int, type Node } from '../onnx/index.ts'
import { integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'
import { type Pair, periodOf, slopeOf, stepOf } from './two-batches.ts'

/** Where new nodes and constants of a graph go. */
export interface Draft {
  /** A name that nothing has, beginning with `hint`. */
  readonly fresh: (hint: string) => string
  readonly nodes: Node[]
  readonly initializers: Map<string, Tensor>
}

type Write = (op: string, inputs: readonly string[], attributes?: Node['attributes']) => string

const writerIn =
  ({ fresh, nodes }: Draft, hint: string): Write =>
  (op, inputs, attributes = {}) => {
    const name = fresh(`${hint}/${op}`)
    nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes })
    return name
  }

function store({ fresh, initializers }: Draft, hint: string, value: Tensor): string {
  const name = fresh(hint)
  initializers.set(name, value)
  return name
}

/** Writes nodes that count the rows of a value whose `axis` has `factor` places for each: a scalar. */
export function countRows(draft: Draft, value: string, axis: number, factor: number): string {
  const write = writerIn(draft, `${value}/rows`)
  const size = write('Squeeze', [write('Shape', [value], { start: int(axis), end: int(axis + 1) })])
  return factor === 1 ? size : write('Div', [size, store(draft, `${value}/factor`, scalarOf(factor, 'int64'))])
}

/**
 * Writes nodes that compute, from the number of rows (a scalar), a value whose numbers in a run of two rows and in one of
 * three are known. Throws `InvalidInputError` where these do not tell how it depends on them.
 */
export function fromRows(draft: Draft, name: string, pair: Pair, rows: string): string {
  const write = writerIn(draft, name)
  const keep = (hint: string, value: Tensor) => store(draft, `${name}/${hint}`, value)
  const line = slopeOf(pair)
  if (line !== undefined) {
    const count = pair.two.type === 'int64' ? rows : write('Cast', [rows], { to: int(6) })
    return write('Add', [write('Mul', [keep('slope', line.slope), count]), keep('offset', line.offset)])
  }
  const period = periodOf(pair)
  if (period !== undefined) {
    const { axis, piece } = period
    const ones = (size: number) => keep('ones', integerTensor(new Array<number>(size).fill(1)))
    const count = write('Unsqueeze', [rows, keep('axes', integerTensor([0]))])
    const repeats = write('Concat', [ones(axis), count, ones(piece.dims.length - axis - 1)], { axis: int(0) })
    return write('Tile', [keep('piece', piece), repeats])
  }
  const steps = stepOf(pair)
  if (steps !== undefined) {
    const { axis, first, step } = steps
    const [zero, one] = [0, 1].map((value) => keep(`${value}`, scalarOf(value, 'int64')))
    const along = first.dims.map((_, i) => (i === axis ? -1 : 1))
    const row = write('Reshape', [write('Range', [zero!, rows, one!]), keep('along', integerTensor(along))])
    return write('Add', [keep('first', first), write('Mul', [row, keep('step', step)])])
  }
  throw new InvalidInputError(
    `the value "${name}" depends on the number of rows in a way that cannot be followed: export the model again with an open batch`,
  )
}
