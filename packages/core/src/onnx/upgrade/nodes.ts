import type { Tensor } from '../../tensor/index.ts'
import type { Attribute, Node } from '../model.ts'

/** A node of ONNX's own operators; it has no name, since two nodes of one name are refused by ONNX Runtime. */
export const ownNode = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Node => ({ op, domain: '', name: '', inputs, outputs, attributes })

/** What to change of a node: what is not named here stays. */
export interface Changes {
  readonly op?: string
  /** Absent ones (`''`) at the end are left out. */
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
  /** Attributes to take away. */
  readonly drop?: readonly string[]
  /** Attributes to set. */
  readonly set?: Readonly<Record<string, Attribute>>
}

/** The node with some of it changed. */
export function changed(node: Node, { op, inputs, outputs, drop = [], set = {} }: Changes): Node {
  const kept = Object.entries(node.attributes).filter(([name]) => !drop.includes(name))
  return {
    ...node,
    op: op ?? node.op,
    inputs: inputs === undefined ? node.inputs : inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1),
    outputs: outputs ?? node.outputs,
    attributes: { ...Object.fromEntries(kept), ...set },
  }
}

/** A vector of 64-bit integers, as axes, sizes and the like are given. */
export const int64Vector = (values: readonly (number | bigint)[]): Tensor<'int64'> => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})
