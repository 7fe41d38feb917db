import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { readStrided, stridesOf } from '../indexing.ts'
import { type Call, describe, type Kernels, textOf } from '../kernel.ts'
import { addProduct } from '../matrix-product.ts'
import { type Kind, type Value, value } from '../value.ts'
import { type Equation, parseEquation } from './einsum-equation.ts'

/** Sums of products over named axes. */
export const einsum: Kernels = {
  Einsum: (call) => {
    const operands = call.inputs.filter((each) => each !== undefined)
    const equation = parseEquation(
      textOf(call, 'equation', ''),
      operands.map(({ dims }) => dims.length),
    )
    const sizes = sizesOf(call, equation, operands)
    const terms = operands.map((operand, i) => termOf(operand, equation.terms[i], sizes))
    const product = terms.reduce((left, right, i) => {
      const later = terms.slice(i + 1).flatMap(({ axes }) => axes)
      return contract(left, right, new Set([...equation.result, ...later]), sizes)
    })
    const dims = equation.result.map((axis) => sizes.get(axis)!)
    const { data } = arrange(product, equation.result, sizes)
    return [value(operands[0].kind, dims, data)]
  },
}

/** A tensor whose axes have names, each once; one that is missing is of length 1, repeated as often as need be. */
interface Term {
  readonly kind: Kind
  readonly axes: readonly string[]
  readonly data: Float64Array
}
type Sizes = ReadonlyMap<string, number>

function sizesOf(call: Call, { terms }: Equation, operands: readonly Value[]): Sizes {
  const sizes = new Map<string, number>()
  for (const [i, { dims }] of operands.entries()) {
    for (const [at, axis] of terms[i].entries()) {
      const known = sizes.get(axis) ?? 1
      if (known !== 1 && dims[at] !== 1 && dims[at] !== known) {
        throw new InvalidInputError(`${describe(call.node)} has an axis of lengths ${known} and ${dims[at]}`)
      }
      sizes.set(axis, known === 1 ? dims[at] : known)
    }
  }
  return sizes
}

/** An operand under its axes' names: its diagonal where a name is repeated, axes of length 1 left out. */
function termOf({ kind, dims, data }: Value, names: readonly string[], sizes: Sizes): Term {
  const own = stridesOf(dims)
  const strides = new Map<string, number>()
  for (const [at, name] of names.entries()) {
    if (dims[at] === sizes.get(name) && dims[at] !== 1) strides.set(name, (strides.get(name) ?? 0) + own[at])
  }
  const axes = [...strides.keys()]
  return { kind, axes, data: readStrided(data, lengths(axes, sizes), [...strides.values()]) }
}

const lengths = (axes: readonly string[], sizes: Sizes): number[] => axes.map((axis) => sizes.get(axis)!)

/** The product of two terms, summed over all axes but those in `kept`. */
function contract(left: Term, right: Term, kept: ReadonlySet<string>, sizes: Sizes): Term {
  const shared = left.axes.filter((axis) => right.axes.includes(axis))
  const stack = shared.filter((axis) => kept.has(axis))
  const inner = shared.filter((axis) => !kept.has(axis))
  const rows = left.axes.filter((axis) => kept.has(axis) && !shared.includes(axis))
  const columns = right.axes.filter((axis) => kept.has(axis) && !shared.includes(axis))
  const a = arrange(left, [...stack, ...rows, ...inner], sizes)
  const b = arrange(right, [...stack, ...inner, ...columns], sizes)
  const [m, k, n] = [rows, inner, columns].map((axes) => sizeOf(lengths(axes, sizes)))
  const axes = [...stack, ...rows, ...columns]
  const data = new Float64Array(sizeOf(lengths(axes, sizes)))
  for (let i = 0; i < data.length / (m * n); i++) {
    const [from, by] = [
      { data: a.data, start: i * m * k },
      { data: b.data, start: i * k * n },
    ]
    addProduct({ data, start: i * m * n }, from, by, m, k, n)
  }
  return { kind: left.kind, axes, data }
}

/** A term with its axes in the order of `wanted`, summed over those that are not wanted, repeated along those it lacks. */
function arrange(term: Term, wanted: readonly string[], sizes: Sizes): Term {
  const summed = term.axes.filter((axis) => !wanted.includes(axis))
  const order = [...wanted, ...summed]
  const named = new Map(term.axes.map((axis, i) => [axis, stridesOf(lengths(term.axes, sizes))[i]]))
  const dims = lengths(order, sizes)
  const moved = readStrided(
    term.data,
    dims,
    order.map((axis) => named.get(axis) ?? 0),
  )
  if (summed.length === 0) return { kind: term.kind, axes: wanted, data: moved }
  const length = sizeOf(lengths(summed, sizes))
  const data = new Float64Array(sizeOf(lengths(wanted, sizes)))
  for (let i = 0; i < data.length; i++) {
    let sum = 0
    for (let j = i * length; j < (i + 1) * length; j++) sum += moved[j]
    data[i] = sum
  }
  return { kind: term.kind, axes: wanted, data }
}
