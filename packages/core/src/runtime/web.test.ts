import { afterAll, describe, expect, it } from 'vitest'
import { agreementCases, disagreement } from '../../test/agreement.ts'
import { graphBuilder } from '../onnx/index.ts'
import { tensor } from '../tensor/index.ts'
import { nodeRuntime } from './node.ts'
import { webRuntime } from './web.ts'

describe('onnxruntime-web in Node', async () => {
  const [node, web] = [await nodeRuntime(), await webRuntime({ threads: 1, cachedSessions: 3 })]
  afterAll(() => Promise.all([node.release(), web.release()]))

  for (const { name, model, inputs } of agreementCases()) {
    it(`agrees with onnxruntime-node on ${name}`, async () => {
      const [a, b] = [await node.run(model, inputs), await web.run(model, inputs)]
      expect(disagreement(a, b)).toBeLessThan(name.includes('float32') ? 1e-6 : 1e-14)
    })
  }

  it('takes and gives truth values, whole numbers and 16-bit floats as onnxruntime-node does', async () => {
    for (const t of [
      tensor('bool', [2], Uint8Array.of(1, 0)),
      tensor('int64', [1], BigInt64Array.of(-(2n ** 63n))),
      tensor('float16', [2], Uint16Array.of(0x3c00, 0xfc00)),
      tensor('string', [2], ['käse', '']),
    ]) {
      const graph = graphBuilder()
      graph.output('y', graph.node('Identity', [graph.input('x', t.type, ['n'])]), t.type, ['n'])
      expect((await web.run(graph.model(), { x: t })).y).toEqual(t)
    }
  })

  it('runs several graphs at once, and again after release', async () => {
    const cases = agreementCases()
    const all = () => Promise.all(cases.map(({ model, inputs }) => web.run(model, inputs)))
    const first = await all()
    await web.release()
    for (const [i, result] of (await all()).entries()) expect(disagreement(result, first[i]!)).toBe(0)
  })

  it('says which graph it cannot load', async () => {
    const graph = graphBuilder('odd one')
    graph.output('y', graph.node('NoSuchOperator', []), 'float32', [])
    await expect(web.run(graph.model(), {})).rejects.toThrow('ONNX Runtime (wasm) cannot load the graph "odd one"')
  })
})
