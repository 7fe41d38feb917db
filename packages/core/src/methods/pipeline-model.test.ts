import { afterAll, describe, expect, it } from 'vitest'
import { affineStage, identityStage, linearStage, readModel, writeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { version } from '../version.ts'
import { pipelineModel } from './pipeline-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** `(x − 1) · 2`, then `(x₁ + x₂, x₁ − x₂)`, which stand in for class probabilities as they are. */
const model = pipelineModel({
  preparation: affineStage(Float64Array.of(1, 1), Float64Array.of(2, 2)),
  embed: linearStage(
    matrixFromRows([
      [1, 1],
      [1, -1],
    ]),
  ),
  classifier: identityStage,
  features: 2,
  classes: ['plus', 'minus, "quoted"'],
  metadata: { method: 'test' },
})

describe('pipelineModel', () => {
  it('prepares, embeds, classifies and names the class', async () => {
    const features = { type: 'float32', dims: [2, 2], data: Float32Array.of(3, 2, 3, 0) } as const
    const { label, probabilities, embedding } = await runtime.run(model, { features })
    expect(embedding).toEqual({ type: 'float32', dims: [2, 2], data: Float32Array.of(6, 2, 2, 6) })
    expect(probabilities).toEqual(embedding)
    expect(label!.data).toEqual(['plus', 'minus, "quoted"'])
  })

  it('says in its metadata what it is, also after writing and reading', () => {
    const { metadata, graph } = readModel(writeModel(model))
    expect(metadata).toEqual({
      'graft.version': version,
      'graft.classes': JSON.stringify(['plus', 'minus, "quoted"']),
      'graft.method': 'test',
    })
    expect(graph.inputs.map(({ name, type }) => [name, type])).toEqual([['features', 'float32']])
    expect(graph.outputs.map(({ name, type }) => [name, type])).toEqual([
      ['label', 'string'],
      ['probabilities', 'float32'],
      ['embedding', 'float32'],
    ])
  })
})
