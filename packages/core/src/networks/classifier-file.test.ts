import { afterAll, describe, expect, it } from 'vitest'
import { readModel, writeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { filled } from '../testing/small-network.ts'
import { classifierFile } from './classifier-file.ts'
import { withHead } from './with-head.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const classes = ['猫', 'dog', 'neither']
const x = filled([4, 2, 6, 6], (k) => Math.sin(k))

describe('the file of a classifier', () => {
  it('gives names and probabilities from the input alone, once written and read', async () => {
    const { model } = await withHead(runtime, residualNetwork(), 'flat', undefined, 3, seededRandom(2), ['logits'])
    const file = readModel(writeModel(classifierFile(model, { classes, metadata: { task: 'images' } })))
    expect(file.metadata).toMatchObject({ 'graft.classes': JSON.stringify(classes), 'graft.task': 'images' })
    expect(file.graph.inputs.map(({ name }) => name)).toEqual(['input'])
    const [before, after] = [await runtime.run(model, { input: x }), await runtime.run(file, { input: x })]
    expect(Object.keys(after)).toEqual(['label', 'probabilities', 'embedding'])
    expect(after.embedding).toEqual(before.embedding)
    for (let row = 0; row < 4; row++) {
      const logits = [...(before.logits!.data as Float32Array).subarray(3 * row, 3 * row + 3)]
      const total = logits.reduce((sum, value) => sum + Math.exp(value), 0)
      const said = [...(after.probabilities!.data as Float32Array).subarray(3 * row, 3 * row + 3)]
      for (const [i, value] of logits.entries()) expect(said[i]).toBeCloseTo(Math.exp(value) / total, 6)
      expect(after.label!.data[row]).toBe(classes[logits.indexOf(Math.max(...logits))])
    }
  })

  it('calls values inside it otherwise where they are called as its outputs', async () => {
    const before = residualNetwork()
    const nodes = before.graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map((name) => (name === 'entry' ? 'label' : name)),
      outputs: node.outputs.map((name) => (name === 'entry' ? 'label' : name)),
    }))
    const { model } = await withHead(runtime, { ...before, graph: { ...before.graph, nodes } }, 'flat', undefined, 3)
    const { label } = await runtime.run(classifierFile(model, { classes }), { input: x })
    expect(label!.data).toEqual(['猫', '猫', '猫', '猫'])
  })

  it('refuses a network without a head, and names that are too few', async () => {
    expect(() => classifierFile(residualNetwork(), { classes })).toThrow(
      'the outputs "logits" and "embedding", got "logits"',
    )
    const { model } = await withHead(runtime, residualNetwork(), 'flat', undefined, 4)
    expect(() => classifierFile(model, { classes })).toThrow('tells 4 classes apart, got names of 3')
  })
})
