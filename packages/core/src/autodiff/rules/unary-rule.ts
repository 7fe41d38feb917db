import { floatOf, type Node } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import { defineRule, type Rule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/** A node of one float input and one output of the same shape, on the way back. */
export interface UnaryCall {
  readonly ops: Ops
  readonly node: Node
  readonly x: TypedValue
  readonly y: TypedValue
  /** The loss' gradient by `y`. */
  readonly gradient: TypedValue
  /** A float attribute, which files hold in float32. */
  attribute(name: string, fallback: number): number
}

/** The rule of an operator that acts on each element by itself. */
export interface UnaryRule {
  readonly operator: string
  readonly through: readonly [string]
  /** The gradient by `x`; undefined where it is zero. */
  gradient(call: UnaryCall): TypedValue | undefined
}

/** Makes a rule of a function of one input. */
export const defineUnaryRule = ({ operator, through, gradient }: UnaryRule): Rule =>
  defineRule({
    operator,
    through,
    backward: ({ ops, node, inputs, outputs, gradients }) => [
      gradient({
        ops,
        node,
        x: inputs[0]!,
        y: outputs[0]!,
        gradient: gradients[0]!,
        attribute: (name, fallback) => Math.fround(floatOf(node, name, fallback)),
      }),
    ],
  })
