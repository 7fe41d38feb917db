import type { Model } from '../../../onnx/index.ts'

/** Which step size a parameter has: a pretrained layer, a fresh one below the classifier, or the classifier. */
export type ParameterKind = 'backbone' | 'body' | 'head'

/** A hidden layer that a method may align. */
export interface HiddenLayer {
  /** A value `N × width`. */
  readonly value: string
  readonly width: number
}

/** A network to adapt, and what its parts are called. */
export interface DeepNetwork {
  /**
   * One input (`N × dims`, float32); outputs `logits` (`N × outputs`) and `embedding` (`N × width`), what the head reads. At
   * opset 18 or above, each parameter an initialiser of its own name.
   */
  readonly model: Model
  readonly input: string
  /** The sizes of one row. */
  readonly dims: readonly number[]
  /** From the input on; the last one is the embedding. */
  readonly layers: readonly HiddenLayer[]
  /** Columns of `logits`. */
  readonly outputs: number
  readonly parameters: ReadonlyMap<string, ParameterKind>
  /** Weight (`outputs × width`) and bias of the linear head. */
  readonly head: { readonly weight: string; readonly bias: string }
  /** Whether it starts from random weights, so that batch normalisation has no statistics yet. */
  readonly fresh: boolean
}

/** What a network is made of. */
export type NetworkChoice =
  | { readonly kind: 'mlp' }
  | { readonly kind: 'lenet' }
  /**
   * A pretrained network whose input takes a row in the shape `dims`. It is cut at its features: a value of it, or the
   * one that `describeNetwork` suggests.
   */
  | { readonly kind: 'pretrained'; readonly model: Model; readonly dims: readonly number[]; readonly features?: string }
