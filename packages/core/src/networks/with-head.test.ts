import { afterAll, describe, expect, it } from 'vitest'
import { parametersOf } from '../autodiff/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { filled } from '../testing/small-network.ts'
import { describeNetwork } from './describe-network.ts'
import { splitNetwork } from './split-network.ts'
import { withHead } from './with-head.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const x = filled([2, 2, 6, 6], (k) => Math.sin(k))

describe('a new head', () => {
  it('stands on the features, starts at zero and is learnt under its own names', async () => {
    const { model, head, features, width } = await withHead(runtime, residualNetwork(), 'flat', undefined, 7)
    expect({ head, features, width }).toEqual({ head: ['head.weight', 'head.bias'], features: 'flat', width: 3 })
    const { logits, embedding } = await runtime.run(model, { input: x })
    expect(logits).toEqual(filled([2, 7], () => 0))
    expect(embedding!.dims).toEqual([2, 3])
    expect(parametersOf(model)).toEqual(expect.arrayContaining(['head.weight', 'head.bias', 'stem.conv.weight']))
    expect([...model.graph.initializers.keys()]).not.toContain('fc.weight')
  })

  it('computes embedding · weightᵀ + bias with the weights given, also where values are called as its own', async () => {
    const before = residualNetwork()
    const { graph } = before
    const nodes = graph.nodes.map((node) => (node.op === 'Flatten' ? { ...node, outputs: ['embedding'] } : node))
    const renamed = nodes.map((node) =>
      node.op === 'Gemm' ? { ...node, inputs: ['embedding', 'fc.weight', 'fc.bias'] } : node,
    )
    const own = { weight: graph.initializers.get('fc.weight')!, bias: graph.initializers.get('fc.bias')! }
    const { model, features } = await withHead(
      runtime,
      { ...before, graph: { ...graph, nodes: renamed } },
      'embedding',
      undefined,
      4,
      own,
    )
    expect(features).toBe('embedding_before')
    const { logits } = await runtime.run(model, { input: x })
    expect(logits).toEqual((await runtime.run(before, { input: x })).logits)
  })

  it('stands on a described network as on its model', async () => {
    const network = await describeNetwork(runtime, residualNetwork())
    const head = await withHead(runtime, network, network.features, undefined, 2, seededRandom(1))
    expect(head).toEqual(await withHead(runtime, residualNetwork(), 'flat', undefined, 2, seededRandom(1)))
  })

  it('averages features that have places', async () => {
    const deep = await withHead(runtime, residualNetwork(), 'second', undefined, 2, seededRandom(1))
    const flat = await withHead(runtime, residualNetwork(), 'flat', undefined, 2, seededRandom(1))
    expect(await runtime.run(deep.model, { input: x })).toEqual(await runtime.run(flat.model, { input: x }))
  })

  it('keeps old outputs beside its own', async () => {
    const { model, kept } = await withHead(runtime, residualNetwork(), 'flat', undefined, 2, undefined, ['logits'])
    expect(kept).toEqual(['logits_before'])
    const outputs = await runtime.run(model, { input: x })
    expect(Object.keys(outputs)).toEqual(['logits', 'embedding', 'logits_before'])
    expect(outputs.logits_before).toEqual((await runtime.run(residualNetwork(), { input: x })).logits)
    expect(splitNetwork(model, 'entry').rest.graph.inputs).toEqual([
      { name: 'entry', type: 'float32', dims: ['N', 3, 6, 6] },
    ])
    const none = withHead(runtime, residualNetwork(), 'flat', undefined, 2, undefined, ['other'])
    await expect(none).rejects.toThrow('no output "other"')
  })

  it('refuses what it cannot stand on', async () => {
    await expect(withHead(runtime, residualNetwork(), 'nothing', undefined, 2)).rejects.toThrow('choose another value')
    const weight = filled([2, 4], () => 0)
    const start = { weight, bias: filled([2], () => 0) }
    await expect(withHead(runtime, residualNetwork(), 'flat', undefined, 2, start)).rejects.toThrow(
      'must be float32 2 × 3',
    )
  })
})
