import { afterAll, describe, expect, it } from 'vitest'
import { lowered, parametersOf } from '../../../autodiff/index.ts'
import {
  builderOn,
  type GraphBuilder,
  graphBuilder,
  type Model,
  upgradeModel,
  type Value,
} from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { draws } from '../../../testing/draws.ts'
import { dot } from '../../../testing/plain-softmax.ts'
import { type Conditioning, conditioning, multilinearMap, randomisedMap } from './conditioning.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

function model(width: number, classes: number, join: (graph: GraphBuilder) => Value): Model {
  const start = graphBuilder('conditioning')
  start.input('f', 'float32', ['N', width])
  start.input('g', 'float32', ['N', classes])
  const graph = builderOn(upgradeModel(start.model()))
  graph.output('rows', join(graph), 'float32', ['N', 'D'])
  return graph.model()
}

const rowsOf = (data: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, i) => Array.from(data).slice(i * width, (i + 1) * width))

describe('conditioning', () => {
  it.each([1, 2, 5])('multiplies every feature by every prediction, %i rows', async (rows) => {
    const { normal } = draws(rows)
    const [f, g] = [normal([rows, 4]), normal([rows, 3])]
    const found = await runtime.run(
      model(4, 3, (graph) => multilinearMap(graph, 'f', 'g')),
      { f, g },
    )
    expect(found.rows!.dims).toEqual([rows, 12])
    const [fs, gs] = [rowsOf(f.data as Float32Array, 4), rowsOf(g.data as Float32Array, 3)]
    const expected = fs.flatMap((row, i) => row.flatMap((x) => gs[i]!.map((y) => Math.fround(x * y))))
    expect(Array.from(found.rows!.data as Float32Array)).toEqual(expected)
  })

  it('randomised, keeps inner products of the multilinear rows', async () => {
    const { normal } = draws(3)
    const [f, g] = [normal([6, 7]), normal([6, 5])]
    const options = { width: 7, classes: 5, dims: 40_000, random: seededRandom(2) }
    const marked = model(7, 5, (graph) => randomisedMap(graph, options).join('f', 'g'))
    const plain = { ...marked, graph: { ...marked.graph, nodes: marked.graph.nodes.map(lowered) } }
    const found = await runtime.run(plain, { f, g })
    const rows = rowsOf(found.rows!.data as Float32Array, 40_000)
    const [fs, gs] = [rowsOf(f.data as Float32Array, 7), rowsOf(g.data as Float32Array, 5)]
    const size = (i: number) => Math.sqrt(dot(fs[i]!, fs[i]!) * dot(gs[i]!, gs[i]!))
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) {
        // The estimate's standard deviation is at most √8 · ‖f‖‖f'‖‖g‖‖g'‖ / √D = 0.0142 of that product.
        const error = dot(rows[i]!, rows[j]!) - dot(fs[i]!, fs[j]!) * dot(gs[i]!, gs[j]!)
        expect(Math.abs(error) / (size(i) * size(j))).toBeLessThan(0.06)
      }
    }
  })

  it('is randomised above the limit only, with fixed matrices that are no parameters', () => {
    const made: Conditioning[] = []
    const at = (width: number, limit?: number) =>
      model(width, 10, (graph) => {
        const random = seededRandom(1)
        made.push(conditioning(graph, { width, classes: 10, random, ...(limit === undefined ? {} : { limit }) }))
        return made.at(-1)!.join('f', 'g')
      })
    const models = [at(409), at(410), at(3, 20)]
    expect(made.map(({ width }) => width)).toEqual([4090, 1024, 1024])
    expect(models.map((each) => parametersOf(each))).toEqual([[], [], []])
    expect(at(410)).toEqual(models[1])
  })
})
