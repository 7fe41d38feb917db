import { type Model, upgradeModel } from '../src/onnx/index.ts'
import type { Runtime } from '../src/runtime/index.ts'
import { type Random, seededRandom, sizeOf, type Tensor } from '../src/tensor/index.ts'
import type { Example } from '../src/testing/against-runtime.ts'
import { disagreement } from './agreement.ts'

/** A random whole number, both ends included. */
export const between = (random: Random, least: number, most: number): number => least + random.integer(most - least + 1)

/** One of several things. */
export const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)]!

/** A random subset of `0 … count − 1`, in order. */
export const subset = (random: Random, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter(() => random.integer(2) === 1)

/** Sizes of a random tensor, from `least` to 5. */
export const randomDims = (random: Random, rank: number, least = 1): number[] =>
  Array.from({ length: rank }, () => between(random, least, 5))

/** A float32 tensor of normal numbers. */
export const normalTensor = (random: Random, dims: readonly number[]): Tensor<'float32'> => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: sizeOf(dims) }, random.normal),
})

/** A float32 vector. */
export const floats = (values: readonly number[]): Tensor<'float32'> => ({
  type: 'float32',
  dims: [values.length],
  data: Float32Array.from(values),
})

/** An upgraded model beside the one that it was made of. */
export interface Upgraded {
  readonly upgraded: Model
  /** The largest relative difference between their outputs on one input; infinite where shapes, types or names differ. */
  readonly difference: number
}

/** Runs a model before and after its upgrade. */
export async function runUpgraded(runtime: Runtime, { model, inputs }: Example, opset?: number): Promise<Upgraded> {
  const upgraded = upgradeModel(model, opset)
  const before = await runtime.run(model, inputs)
  return { upgraded, difference: disagreement(before, await runtime.run(upgraded, inputs)) }
}

/** The largest difference over `count` random models. */
export async function worstDifference(
  runtime: Runtime,
  count: number,
  example: (random: Random) => Example,
): Promise<number> {
  const random = seededRandom(18)
  let worst = 0
  for (let i = 0; i < count; i++) {
    const { difference } = await runUpgraded(runtime, example(random.fork(`${i}`)))
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference)
  }
  return worst
}

/** The operators of a model's nodes, in order. */
export const operators = ({ graph }: Model): string[] => graph.nodes.map(({ op }) => op)
