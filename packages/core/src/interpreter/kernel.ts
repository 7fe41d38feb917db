import { InvalidInputError } from '../errors.ts'
import type { Node } from '../onnx/index.ts'
import * as onnx from '../onnx/index.ts'
import type { Value } from './value.ts'

/** One node to compute: its attributes and inputs, an absent optional input being undefined. */
export interface Call {
  readonly node: Node
  /** The version of the node's operator set: some operators changed their meaning or their inputs. */
  readonly opset: number
  readonly inputs: readonly (Value | undefined)[]
}

/** What an operator means, in float64: the values of its outputs, in their order. Inputs are not changed. */
export type Kernel = (call: Call) => readonly Value[]

/** Kernels by operator name, of ONNX's own operator set. */
export type Kernels = Readonly<Record<string, Kernel>>

/** The input at `index`; throws `InvalidInputError` where it is absent. */
export function input(call: Call, index: number): Value {
  const found = call.inputs[index]
  if (found === undefined) throw new InvalidInputError(`${onnx.describeNode(call.node)} lacks its input ${index}`)
  return found
}

/** A float attribute. */
export const floatOf = (call: Call, name: string, fallback: number): number => onnx.floatOf(call.node, name, fallback)

/** A whole-number attribute. */
export const intOf = (call: Call, name: string, fallback: number): number => onnx.intOf(call.node, name, fallback)

/** A list of whole numbers, or undefined where the attribute is not there. */
export const intsOf = (call: Call, name: string): number[] | undefined => onnx.intsOf(call.node, name)

/** Whole numbers that are an attribute before operator set `since`, and the input at `index` from then on. */
export function intsFrom(call: Call, name: string, index: number, since: number): number[] | undefined {
  if (call.opset < since) return intsOf(call, name)
  const found = call.inputs[index]
  return found === undefined ? undefined : Array.from(found.data)
}

/** A text attribute. */
export const textOf = (call: Call, name: string, fallback: string): string => onnx.textOf(call.node, name, fallback)

export { describeNode as describe } from '../onnx/index.ts'
