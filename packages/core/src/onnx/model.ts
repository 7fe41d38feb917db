import type { ElementType, Tensor } from '../tensor/index.ts'
import type { Message } from './message.ts'

/** One value of a node's attribute, tagged with its ONNX type: `1` alone would not say whether it is INT or FLOAT. */
export type Attribute =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Graph }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'ints'; readonly value: readonly (number | bigint)[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  /** Kept as it stood in the file: sparse tensors, lists of graphs or tensors, references inside functions. */
  | { readonly type: 'other'; readonly value: Message }

/** One operation: `outputs = op(inputs)`. An empty name among the inputs or outputs is an absent optional one. */
export interface Node {
  readonly op: string
  /** Operator set; `''` is ONNX's own. */
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
  /** Fields of the file that Graft does not look at. */
  readonly rest?: Message
}

/** A size, the name of a size that varies, or null where nothing is known. */
export type Dimension = number | string | null

/** A named value with its type and shape, as far as the file tells. */
export interface ValueInfo {
  readonly name: string
  /** Absent for values that are not tensors. */
  readonly type?: ElementType
  /** Absent where the rank is unknown. */
  readonly dims?: readonly Dimension[]
  readonly rest?: Message
}

export interface Graph {
  readonly name: string
  /** In an order in which every node comes after those it reads from. */
  readonly nodes: readonly Node[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly initializers: ReadonlyMap<string, Tensor>
  readonly values: readonly ValueInfo[]
  readonly rest?: Message
}

/** An ONNX file. Immutable: surgery returns a new model that shares what did not change. */
export interface Model {
  readonly irVersion: number
  /** Version of each operator set used; `''` is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>
  readonly producer: { readonly name: string; readonly version: string }
  readonly metadata: Readonly<Record<string, string>>
  readonly graph: Graph
  readonly rest?: Message
}
