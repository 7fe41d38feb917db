import { graphBuilder, type Model, writeModel } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { savedModel } from './saved-model.ts'

function file(model: Model) {
  return { file: 'model.onnx', bytes: writeModel(model), model }
}

function softmax(input = 'features', output = 'probabilities', metadata: Record<string, string> = {}): Model {
  const graph = graphBuilder()
  const x = graph.input(input, 'float32', ['N', 3])
  graph.output(output, graph.node('Softmax', [x]), 'float32', ['N', 3])
  return graph.model(metadata)
}

describe('a saved model', () => {
  it('tells its features and classes', () => {
    const metadata = { 'graft.classes': '["a","b","c"]', 'graft.features': '["x","y","z"]' }
    expect(savedModel(file(softmax('features', 'probabilities', metadata)))).toMatchObject({
      inputType: 'float32',
      features: 3,
      columns: ['x', 'y', 'z'],
      classes: ['a', 'b', 'c'],
      hasLabels: false,
    })
  })

  it('may be any model of that shape, without Graft’s metadata or with some that is no JSON', () => {
    const other = savedModel(file(softmax('features', 'probabilities', { 'graft.classes': 'a b c' })))
    expect(other).toMatchObject({ columns: null, classes: null })
  })

  it('is refused with what it has instead', () => {
    expect(() => savedModel(file(softmax('pixels')))).toThrow('model.onnx: it must have one input, "features"')
    expect(() => savedModel(file(softmax('pixels')))).toThrow('got "pixels" (float32 [N, 3])')
    expect(() => savedModel(file(softmax('features', 'logits')))).toThrow('got "logits"')
  })
})
