import { afterAll, describe, expect, it } from 'vitest'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import {
  identity,
  integerTensor,
  type Matrix,
  matrixTensor,
  tensorMatrix,
  transpose,
  vectorTensor,
} from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import {
  addIdentity,
  gramParts,
  halvesOf,
  joinSymmetric,
  multiplySymmetric,
  type SymmetricParts,
  splitSymmetric,
  symmetricPolynomial,
} from './symmetric-blocks.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** What a graph makes of a matrix, once whole and once in blocks of sizes that differ. */
async function bothWays(
  a: Matrix,
  build: (graph: GraphBuilder, whole: Value, parts: SymmetricParts, halves?: Value) => SymmetricParts,
): Promise<[Matrix, Matrix]> {
  const results: Matrix[] = []
  for (const inBlocks of [false, true]) {
    const graph = graphBuilder('blocks')
    const whole = graph.input('a', 'float64', ['n', 'm'])
    const halves = inBlocks ? graph.constant(integerTensor([2, a.columns - 2])) : undefined
    const square = a.rows === a.columns
    const parts: SymmetricParts = halves === undefined || !square ? [whole] : splitSymmetric(graph, whole, halves)
    graph.output('y', joinSymmetric(graph, build(graph, whole, parts, halves)), 'float64', ['r', 'c'])
    const { y } = await runtime.run(graph.model(), { a: matrixTensor(a) })
    results.push(tensorMatrix(y!))
  }
  return results as [Matrix, Matrix]
}

const a = symmetricWith([3, 2, 1.5, 1, -0.5])
const square = plainProduct(a, a)

describe('symmetric matrices in blocks', () => {
  it('come together again', async () => {
    for (const result of await bothWays(a, (_, __, parts) => parts)) {
      expect(largestDifference(result.data, a.data)).toBeLessThan(1e-15)
    }
  })

  it('are multiplied and added to', async () => {
    const expected = square.data.map((value, i) => value + a.data[i]!)
    for (const result of await bothWays(a, (graph, _, parts) => multiplySymmetric(graph, parts, parts, parts))) {
      expect(largestDifference(result.data, expected)).toBeLessThan(1e-14)
    }
  })

  it('take a multiple of the identity', async () => {
    const expected = identity(5).data.map((value, i) => a.data[i]! - 2.5 * value)
    const build = (graph: GraphBuilder, _: Value, parts: SymmetricParts) =>
      addIdentity(graph, parts, graph.constant(vectorTensor([-2.5])))
    for (const result of await bothWays(a, build)) expect(largestDifference(result.data, expected)).toBeLessThan(1e-15)
  })

  it('go through polynomials without a constant', async () => {
    const c = [0.5, -2, 3, 0.25, -1, 2]
    let power = identity(5)
    const expected = new Float64Array(25)
    for (const factor of c) {
      power = plainProduct(power, a)
      power.data.forEach((value, i) => {
        expected[i] = expected[i]! + factor * value
      })
    }
    const build = (graph: GraphBuilder, _: Value, parts: SymmetricParts) => {
      const factors = c.map((factor) => graph.constant(vectorTensor([factor])))
      return symmetricPolynomial(graph, parts, multiplySymmetric(graph, parts, parts), factors)
    }
    for (const result of await bothWays(a, build)) {
      expect(largestDifference(result.data, expected) / Math.max(...expected)).toBeLessThan(1e-14)
    }
  })

  it('are made of the rows of a sample', async () => {
    const x = normalMatrix(7, 5)
    const expected = plainProduct(transpose(x), x)
    for (const result of await bothWays(x, (graph, whole, _, halves) => gramParts(graph, whole, halves))) {
      expect(largestDifference(result.data, expected.data)).toBeLessThan(1e-13)
    }
  })

  it('are cut in the middle, and not at all where they are small', () => {
    expect(halvesOf(63)).toEqual({})
    expect(halvesOf(101).halves).toEqual(integerTensor([50, 51]))
  })
})
