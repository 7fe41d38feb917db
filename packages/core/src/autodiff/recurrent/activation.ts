import { InvalidInputError } from '../../errors.ts'
import { type Attribute, describeNode, float, type Node } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import type { Rule } from '../rule.ts'
import { elu } from '../rules/elu.ts'
import { hardSigmoid } from '../rules/hard-sigmoid.ts'
import { leakyRelu } from '../rules/leaky-relu.ts'
import { relu } from '../rules/relu.ts'
import { sigmoid } from '../rules/sigmoid.ts'
import { softplus } from '../rules/softplus.ts'
import { softsign } from '../rules/softsign.ts'
import { tanh } from '../rules/tanh.ts'
import { thresholdedRelu } from '../rules/thresholded-relu.ts'
import type { TypedValue } from '../typed-value.ts'

/** A function of a recurrent cell that acts on each element by itself. */
export interface Activation {
  /** `f(x)` */
  value(ops: Ops, x: TypedValue): TypedValue
  /** `factor · f′(x)`, given `y = f(x)`. */
  slope(ops: Ops, x: TypedValue, y: TypedValue, factor: TypedValue): TypedValue
}

/** An activation that takes numbers of its own, and what they are where a node does not give them. */
interface Family {
  readonly alpha?: number
  readonly beta?: number
  with(alpha: number, beta: number): Activation
}

/** What ONNX's operator of the same meaning computes, and its rule. */
function operator(rule: Rule, attributes: Readonly<Record<string, Attribute>> = {}): Activation {
  const node = { op: rule.operator, domain: '', name: '', inputs: [], outputs: [], attributes }
  return {
    value: (ops, x) => ops.unary(rule.operator, x, attributes),
    slope: (ops, x, y, factor) =>
      rule.backward({
        node,
        opset: 18,
        ops,
        inputs: [x],
        outputs: [y],
        gradients: [factor],
        wants: () => true,
        known: () => undefined,
      })[0]!,
  }
}

const plain = (rule: Rule): Family => ({ with: () => operator(rule) })
const withAlpha = (rule: Rule, alpha: number): Family => ({
  alpha,
  with: (given) => operator(rule, { alpha: float(given) }),
})

const scaledTanh = (alpha: number, beta: number): Activation => {
  const inner = operator(tanh)
  const turned = (ops: Ops, x: TypedValue) => inner.value(ops, ops.scale(x, beta))
  return {
    value: (ops, x) => ops.scale(turned(ops, x), alpha),
    slope: (ops, x, _, factor) => ops.scale(inner.slope(ops, x, turned(ops, x), factor), alpha * beta),
  }
}

const affine = (alpha: number, beta: number): Activation => ({
  value: (ops, x) => ops.add(ops.scale(x, alpha), ops.scalar(beta, x)),
  slope: (ops, _, __, factor) => ops.scale(factor, alpha),
})

/** By name, in small letters: ONNX Runtime does not tell small from capital ones either. Defaults are its own. */
const families: Readonly<Record<string, Family>> = {
  affine: { alpha: 1, beta: 0, with: affine },
  elu: withAlpha(elu, 1),
  hardsigmoid: {
    alpha: 0.2,
    beta: 0.5,
    with: (alpha, beta) => operator(hardSigmoid, { alpha: float(alpha), beta: float(beta) }),
  },
  leakyrelu: withAlpha(leakyRelu, 0.01),
  relu: plain(relu),
  scaledtanh: { alpha: 1, beta: 1, with: scaledTanh },
  sigmoid: plain(sigmoid),
  softplus: plain(softplus),
  softsign: plain(softsign),
  tanh: plain(tanh),
  thresholdedrelu: withAlpha(thresholdedRelu, 1),
}

/**
 * The activations of a recurrent node, those of the second direction after those of the first: its own, or `usual` ones
 * for each of `directions`. `activation_alpha` and `activation_beta` go in turn to those that take such a number.
 */
export function activationsOf(node: Node, usual: readonly string[], directions: number): Activation[] {
  const given = node.attributes.activations
  const names = given?.type === 'strings' ? given.value : Array.from({ length: directions }, () => usual).flat()
  const alphas = floatsOf(node, 'activation_alpha')
  const betas = floatsOf(node, 'activation_beta')
  return names.map((name) => {
    const family = families[name.toLowerCase()]
    if (family === undefined) {
      throw new InvalidInputError(`${describeNode(node)} has the activation "${name}", which cannot be differentiated`)
    }
    const alpha = family.alpha === undefined ? 0 : Math.fround(alphas.shift() ?? family.alpha)
    const beta = family.beta === undefined ? 0 : Math.fround(betas.shift() ?? family.beta)
    return family.with(alpha, beta)
  })
}

const floatsOf = (node: Node, name: string): number[] => {
  const found = node.attributes[name]
  return found?.type === 'floats' ? [...found.value] : []
}
