import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  affineStage,
  buildWithConstants,
  composeStages,
  graphBuilder,
  linearStage,
  type Stage,
  unitRowsStage,
} from '../onnx/index.ts'
import { type Matrix, matrix, matrixTensor, seededRandom, tensorMatrix } from '../tensor/index.ts'
import { applyStages } from './apply.ts'
import { nodeRuntime } from './node.ts'

describe('applyStages', async () => {
  const runtime = await nodeRuntime()
  afterAll(() => runtime.release())
  const random = seededRandom(1)
  const randomMatrix = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, Float64Array.from({ length: rows * columns }, random.normal))
  const vector = (n: number): Float64Array => Float64Array.from({ length: n }, random.normal)
  const stages: readonly Stage[] = [
    affineStage(vector(4), vector(4)),
    linearStage(randomMatrix(4, 4)),
    unitRowsStage,
    affineStage(vector(4), vector(4)),
    linearStage(randomMatrix(4, 4)),
  ]
  const x = randomMatrix(7, 4)
  const oneByOne = async (all: readonly Stage[]): Promise<Matrix> => {
    let value = x
    for (const stage of all) value = await applyStages(runtime, [stage], value)
    return value
  }

  it('gives what applying one stage after another gives, however they are grouped', async () => {
    const sublists = fc.shuffledSubarray([...stages], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(sublists, fc.nat(5), async (some, cut) => {
        const expected = await oneByOne(some)
        const nested = [composeStages(some.slice(0, cut)), composeStages(some.slice(cut))]
        for (const grouping of [some, nested, [composeStages(nested)]]) {
          const got = await applyStages(runtime, grouping, x)
          for (const [i, value] of got.data.entries()) expect(value).toBeCloseTo(expected.data[i]!, 10)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells stages of one kind with other numbers apart', async () => {
    const shift = (by: number) => affineStage(new Float64Array(4).fill(by), new Float64Array(4).fill(1))
    const [one, two] = [await applyStages(runtime, [shift(1)], x), await applyStages(runtime, [shift(2)], x)]
    expect(one.data[0]! - two.data[0]!).toBeCloseTo(1, 12)
  })

  it('agrees with the graph that holds the numbers as constants', async () => {
    const graph = graphBuilder()
    const input = graph.input('x', 'float64', ['n', 4])
    graph.output('y', buildWithConstants(composeStages(stages), graph, input, 'all'), 'float64', ['n', 4])
    const { y } = await runtime.run(graph.model(), { x: matrixTensor(x) })
    expect(tensorMatrix(y!)).toEqual(await applyStages(runtime, stages, x))
  })

  it('keeps rows in order across blocks, and leaves its input alone', async () => {
    const many = matrix(
      10_001,
      1,
      Float64Array.from({ length: 10_001 }, (_, i) => i),
    )
    const before = many.data.slice()
    const result = await applyStages(runtime, [affineStage(Float64Array.of(-1), Float64Array.of(2))], many)
    expect(result.data.every((value, i) => value === 2 * (i + 1))).toBe(true)
    expect(many.data).toEqual(before)
  })

  it('takes no rows, and no stages', async () => {
    expect(await applyStages(runtime, [linearStage(randomMatrix(4, 2))], matrix(0, 4))).toEqual(matrix(0, 2))
    expect(await applyStages(runtime, [], x)).toBe(x)
  })
})
