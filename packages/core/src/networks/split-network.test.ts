import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { graphBuilder } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { filled } from '../testing/small-network.ts'
import { describeNetwork } from './describe-network.ts'
import { splitNetwork } from './split-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The largest difference; ONNX Runtime fuses a whole graph otherwise than its parts. */
const furthest = (a: Tensor, b: Tensor): number =>
  Math.max(...Array.from(a.data as Float32Array, (value, i) => Math.abs(value - Number(b.data[i]))))

describe('splitting a network', () => {
  it('at any place to cut, base and rest give what the whole gives', async () => {
    const { model, blocks, head, input } = await describeNetwork(runtime, residualNetwork())
    const places = [input.name, ...[...blocks, ...head].map(({ output }) => output)]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        async (place, rows, seed) => {
          const random = seededRandom(seed)
          const x = filled([rows, ...input.dims], () => random.normal())
          const whole = await runtime.run(model, { [input.name]: x })
          const { base, rest } = splitNetwork(model, place)
          const between = await runtime.run(base, { [input.name]: x })
          expect(Object.keys(between)).toEqual([place])
          const after = await runtime.run(rest, { [place]: between[place]! })
          expect(Object.keys(after)).toEqual(Object.keys(whole))
          expect(furthest(after.logits!, whole.logits!)).toBeLessThan(1e-6)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('at the input leaves nothing to the base', async () => {
    const { base, rest } = splitNetwork(residualNetwork(), 'input')
    expect(base.graph.nodes).toEqual([])
    expect(rest.graph.nodes).toEqual(residualNetwork().graph.nodes)
  })

  it('gives weights that both parts use to both', async () => {
    const graph = graphBuilder('twice')
    const weight = graph.constant(filled([3, 3], Math.sin), 'weight')
    const first = graph.node('MatMul', [graph.input('x', 'float32', ['N', 3]), weight])
    graph.output('y', graph.node('MatMul', [first, weight]), 'float32', ['N', 3])
    const { base, rest } = splitNetwork(graph.model(), first)
    for (const part of [base, rest]) expect([...part.graph.initializers.keys()]).toEqual(['weight'])
  })

  it('refuses a value that is not all that the outputs need, and one that is not there', () => {
    const model = residualNetwork()
    expect(() => splitNetwork(model, 'branch')).toThrow(/cannot be cut at "branch" alone, since .* needs "input" too/)
    expect(() => splitNetwork(model, 'nothing')).toThrow('no value "nothing"')
    expect(() => splitNetwork(model, 'second', ['input'])).toThrow('needs "input"')
  })
})
