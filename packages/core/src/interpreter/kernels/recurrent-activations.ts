import { InvalidInputError } from '../../errors.ts'
import { type Call, describe, floatOf } from '../kernel.ts'

/** A function of one number. */
export type Activation = (x: number) => number

const sigmoid: Activation = (x) => 1 / (1 + Math.exp(-x))

/** An activation that takes numbers of its own, and what they are where a node does not give them. */
interface Family {
  readonly alpha?: number
  readonly beta?: number
  with(alpha: number, beta: number): Activation
}

/** By name, in small letters: ONNX Runtime does not tell small from capital ones either. */
const families: Readonly<Record<string, Family>> = {
  relu: { with: () => (x) => Math.max(0, x) },
  tanh: { with: () => Math.tanh },
  sigmoid: { with: () => sigmoid },
  softsign: { with: () => (x) => x / (1 + Math.abs(x)) },
  softplus: { with: () => (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))) },
  affine: { alpha: 1, beta: 0, with: (alpha, beta) => (x) => alpha * x + beta },
  leakyrelu: { alpha: 0.01, with: (alpha) => (x) => (x >= 0 ? x : alpha * x) },
  thresholdedrelu: { alpha: 1, with: (alpha) => (x) => (x >= alpha ? x : 0) },
  scaledtanh: { alpha: 1, beta: 1, with: (alpha, beta) => (x) => alpha * Math.tanh(beta * x) },
  hardsigmoid: { alpha: 0.2, beta: 0.5, with: (alpha, beta) => (x) => Math.min(1, Math.max(0, alpha * x + beta)) },
  elu: { alpha: 1, with: (alpha) => (x) => (x >= 0 ? x : alpha * Math.expm1(x)) },
}

/**
 * The activations of a recurrent node, those of the second direction after those of the first: its own or the ones that
 * its operator has by default. Throws `InvalidInputError` for unknown ones.
 */
export function activationsOf(call: Call, usual: readonly string[], directions: number): Activation[] {
  const given = call.node.attributes.activations
  const names = given?.type === 'strings' ? given.value : Array.from({ length: directions }, () => usual).flat()
  if (names.length !== directions * usual.length) {
    throw new InvalidInputError(
      `${describe(call.node)} needs ${directions * usual.length} activations, got ${names.length}`,
    )
  }
  const alphas = floatsOf(call, 'activation_alpha')
  const betas = floatsOf(call, 'activation_beta')
  return names.map((name) => {
    const family = families[name.toLowerCase()]
    if (family === undefined) throw new InvalidInputError(`${describe(call.node)} has an unknown activation "${name}"`)
    const alpha = family.alpha === undefined ? 0 : (alphas.shift() ?? Math.fround(family.alpha))
    const beta = family.beta === undefined ? 0 : (betas.shift() ?? Math.fround(family.beta))
    return family.with(alpha, beta)
  })
}

/** An activation of a gate: of a number that has been brought within the node's `clip`, if it has one. */
export function clipped(call: Call, activation: Activation): Activation {
  const bound = floatOf(call, 'clip', 0)
  return bound > 0 ? (x) => activation(Math.min(bound, Math.max(-bound, x))) : activation
}

const floatsOf = (call: Call, name: string): number[] => {
  const found = call.node.attributes[name]
  return found?.type === 'floats' ? found.value.map(Math.fround) : []
}
