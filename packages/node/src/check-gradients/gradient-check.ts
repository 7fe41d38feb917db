import type { Model, Tensor, Tensors, UnsupportedNode } from 'graft-learn'

export interface CheckCall {
  /** An `.onnx` file. */
  readonly model: string
  /** A `.npz` file of a batch, its loss and the gradients; without it, central differences are the reference. */
  readonly case?: string
  readonly seed: number
  readonly threads?: number
  /** Multiplications that central differences may cost; default about half a minute's worth. */
  readonly work?: number
}

/** What is differentiated: a model that ends in a scalar output `loss`, and what it is fed. */
export interface LossProblem {
  readonly model: Model
  readonly inputs: Tensors
}

/** How far the gradient by one parameter is from its reference: `‖g − g_ref‖₂ / (‖g_ref‖₂ + 10⁻¹²)`. */
export interface ParameterError {
  readonly name: string
  readonly dims: readonly number[]
  readonly relativeError: number
  /** Whether there is no gradient, so that both sides hold rounding alone and the relative error means nothing. */
  readonly vanishes?: boolean
}

/** What was compared. */
export interface Comparison {
  readonly loss: number
  readonly referenceLoss: number
  readonly errors: readonly ParameterError[]
  /** How the reference was found, where it is no file. */
  readonly probes?: ProbeCounts
}

/** What central differences were taken of. */
export interface ProbeCounts {
  /** Single elements. */
  readonly elements: number
  /** Random directions through all elements of a parameter. */
  readonly directions: number
  /** Of these, left out: a kink of the loss lies too near, or the difference is lost in rounding. */
  readonly dropped: number
  /** Parameters without any probe that counts. */
  readonly unchecked: number
  /** Random inputs that were drawn, the last of them with float32 and float64 on the same side of every kink. */
  readonly draws: number
}

/** The result of `graft check-gradients`. */
export interface GradientCheck {
  readonly command: 'check-gradients'
  readonly version: string
  readonly model: string
  /** Every operator of the model, by name. */
  readonly operators: readonly string[]
  /** Nodes that cannot be differentiated; with any, nothing is compared, and what follows is null. */
  readonly unsupported: readonly UnsupportedNode[]
  readonly loss: number | null
  readonly referenceLoss: number | null
  /** How many parameters were compared. */
  readonly parameters: number
  /** Parameters without a gradient, which the largest error leaves out; absent where there are none. */
  readonly vanishing?: readonly string[]
  readonly maxRelativeError: number | null
  readonly worst: { readonly name: string; readonly relativeError: number } | null
  readonly probes?: ProbeCounts
}

/** A tensor's numbers in float64. */
export const numbersOf = ({ data }: Tensor): Float64Array =>
  data instanceof Float64Array ? data : Float64Array.from(data as ArrayLike<number | bigint>, Number)
