import { text } from '../../onnx/index.ts'
import { sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { type Labelled, ordered } from './contraction.ts'
import { repeated } from './repeated.ts'

/** An operand of Einsum without axes of length 1, which broadcast, and of axes with one label their diagonal. */
export function labelledOperand(ops: Ops, operand: TypedValue, names: readonly string[]): Labelled {
  const axes = names.flatMap((_, axis) => (operand.dims[axis] === 1 ? [] : [axis]))
  const value = ops.reshape(
    operand,
    axes.map((axis) => operand.dims[axis]!),
  )
  const all = axes.map((axis) => names[axis]!)
  const labels = [...new Set(all)]
  if (labels.length === all.length) return { value, labels }
  const letter = (label: string) => String.fromCharCode(97 + labels.indexOf(label))
  const equation = `${all.map(letter).join('')}->${labels.map(letter).join('')}`
  const dims = labels.map((label) => value.dims[all.indexOf(label)]!)
  return { value: ops.node('Einsum', [value], { dims }, { equation: text(equation) }), labels }
}

/**
 * A gradient by the labels of an operand in the shape of the operand: constant along labels that it lacks, and zero
 * beside the diagonal of axes with one label.
 */
export function inShapeOf(ops: Ops, gradient: Labelled, operand: TypedValue, names: readonly string[]): TypedValue {
  const { dims } = operand
  const first = (axis: number) =>
    dims[axis] !== 1 && names.findIndex((name, i) => name === names[axis] && dims[i] !== 1) === axis
  const present = names.filter((name, axis) => first(axis) && gradient.labels.includes(name))
  const shape = dims.map((dim, axis) => (first(axis) && present.includes(names[axis]!) ? dim : 1))
  const placed = ops.reshape(ordered(ops, gradient, present), shape)
  const whole = repeated(
    ops,
    placed,
    dims.map((dim, axis) => (first(axis) ? dim : 1)),
  )
  return diagonals(ops, whole, dims, names)
}

/** Multiplies by a constant that is 1 where all axes with one label have one index, and 0 elsewhere. */
function diagonals(ops: Ops, x: TypedValue, dims: readonly number[], names: readonly string[]): TypedValue {
  const repeats = [...new Set(names)]
    .map((name) => names.flatMap((other, axis) => (other === name && dims[axis] !== 1 ? [axis] : [])))
    .filter((axes) => axes.length > 1)
  return repeats.reduce((sofar, axes) => {
    const length = dims[axes[0]!]!
    const shape = dims.map((dim, axis) => (axes.includes(axis) ? dim : 1))
    const mask = new Float32Array(sizeOf(shape))
    const step = axes.reduce((sum, _, i) => sum + length ** i, 0)
    for (let i = 0; i < length; i++) mask[i * step] = 1
    return ops.mul(sofar, ops.cast(ops.constant(tensor('float32', shape, mask)), x.type))
  }, x)
}
