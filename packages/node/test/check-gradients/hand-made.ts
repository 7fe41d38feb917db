import { zipSync } from 'fflate'
import { graphBuilder, type Model, seededRandom, type Tensor } from 'graft-learn'
import { bytesOf, npyFile } from '../tables/npy.ts'

/** Seeded standard normal numbers. */
export const normal = (dims: readonly number[], seed: number): Tensor => {
  const random = seededRandom(seed)
  const length = dims.reduce((size, dim) => size * dim, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length }, () => random.normal()) }
}

/** A network of two layers; `extra` may put something between its output and the model's. */
export function network(
  extra: (graph: ReturnType<typeof graphBuilder>, scores: string) => string = (_, scores) => scores,
): Model {
  const graph = graphBuilder('network')
  const x = graph.input('x', 'float32', ['N', 4])
  const first = graph.node('Gemm', [x, graph.constant(normal([4, 6], 1), 'first.weight')])
  const stored = graph.node('Constant', [], { value: { type: 'tensor', value: normal([6, 3], 2) } })
  const scores = graph.node('MatMul', [graph.node('Tanh', [first]), stored])
  graph.output('scores', extra(graph, scores), 'float32', ['N', 3])
  return graph.model()
}

/** The classes of the rows of `input`. */
export const target = [2, 0, 1, 1]
export const input = normal([4, 4], 3)

/** Loss and gradients in float64, by the formulas: `p = softmax(tanh(x A) B)`. */
export function byHand() {
  const at = ({ data, dims }: Tensor, i: number, j: number) => Number(data[i * dims[1]! + j])
  const [a, b] = [normal([4, 6], 1), normal([6, 3], 2)]
  const byA = new Float64Array(24)
  const byB = new Float64Array(18)
  let loss = 0
  target.forEach((label, i) => {
    const hidden = Array.from({ length: 6 }, (_, k) =>
      Math.tanh([0, 1, 2, 3].reduce((sum, j) => sum + at(input, i, j) * at(a, j, k), 0)),
    )
    const powers = [0, 1, 2].map((c) => Math.exp(hidden.reduce((sum, h, k) => sum + h * at(b, k, c), 0)))
    const total = powers.reduce((sum, power) => sum + power)
    loss -= Math.log(powers[label]! / total) / 4
    const errors = powers.map((power, c) => (power / total - Number(c === label)) / 4)
    hidden.forEach((h, k) => {
      const back = errors.reduce((sum, error, c) => sum + error * at(b, k, c), 0) * (1 - h * h)
      for (let c = 0; c < 3; c++) byB[k * 3 + c]! += h * errors[c]!
      for (let j = 0; j < 4; j++) byA[j * 6 + k]! += at(input, i, j) * back
    })
  })
  return { loss, byA, byB }
}

/** NumPy's file form of arrays, by name. */
export type Arrays = Readonly<Record<string, Uint8Array>>
export const floats = (dims: readonly number[], data: Float64Array | Float32Array) =>
  npyFile(data instanceof Float32Array ? '<f4' : '<f8', dims, bytesOf(data))
export const classes = (...numbers: number[]) =>
  npyFile('<i8', [numbers.length], bytesOf(BigInt64Array.from(numbers, BigInt)))
const { loss, byA, byB } = byHand()
/** The case of `network()`, by hand. */
export const right: Arrays = {
  input: floats([4, 4], input.data as Float32Array),
  target: classes(...target),
  loss: floats([], Float64Array.of(loss)),
  'grad/first.weight': floats([4, 6], byA),
  'grad/Constant_1': floats([6, 3], byB),
}
/** The bytes of a `.npz` file. */
export const npzOf = (arrays: Arrays): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([key, array]) => [`${key}.npy`, array])))
