import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphBuilder, int, type Model, mlp, seededRandom, writeModel } from 'graft-learn'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectFile, type ModelInspection } from '../src/inspect/inspect-file.ts'
import { modelText } from '../src/inspect/inspect-text.ts'
import { workFolder } from './graft.ts'

const folder = workFolder()

const inspected = async (path: string): Promise<ModelInspection> => {
  const found = await inspectFile(join(folder, path), {})
  if (found.kind !== 'model') throw new Error('it was taken for data')
  return found
}

/** Takes any number of columns, and adds what only three of them fit: there is no telling its sizes. */
function unclear(): Model {
  const graph = graphBuilder('unclear')
  const x = graph.input('x', 'float32', ['N', 'columns'])
  const three = graph.constant({ type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) })
  graph.output('y', graph.node('Softmax', [graph.node('Add', [x, three])], { axis: int(1) }), 'float32', ['N', 3])
  return graph.model()
}

beforeAll(() => {
  const network = mlp({ inputs: 4, hidden: [5, 6], classes: 3, random: seededRandom(0) })
  mkdirSync(join(folder, 'exported', 'onnx'), { recursive: true })
  writeFileSync(join(folder, 'exported', 'config.json'), '{}')
  writeFileSync(join(folder, 'exported', 'onnx', 'model.onnx'), writeModel(network))
  writeFileSync(join(folder, 'unclear.onnx'), writeModel(unclear()))
})

describe('inspecting a model', () => {
  it('tells where it can be cut, in a folder of Hugging Face’s layout too', async () => {
    const { file, network, parameters } = await inspected('exported')
    expect(file).toBe(join(folder, 'exported', 'onnx', 'model.onnx'))
    expect(parameters).toEqual({ elements: 82, tensors: 6 })
    expect(network).toMatchObject({
      input: { name: 'x', type: 'float32', dims: [4] },
      layers: [
        {
          name: 'fc1',
          operators: ['Gemm', 'Relu'],
          parameters: ['fc1.weight', 'fc1.bias'],
          parameterCount: 25,
          dims: [5],
        },
        {
          name: 'fc2',
          operators: ['Gemm', 'Relu'],
          parameters: ['fc2.weight', 'fc2.bias'],
          parameterCount: 36,
          dims: [6],
        },
      ],
      head: [{ name: 'fc3', output: 'logits', dims: [3] }],
      dims: [6],
      featureParameters: 61,
      parameterCount: 82,
    })
    expect(network!.features).toBe(network!.layers[1]!.output)
  })

  it('says so to people, layer by layer', async () => {
    const found = await inspected('exported')
    const lines = modelText(found.file, found).split('\n')
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}1 {2}fc1 +Gemm, Relu +25 +5 /))
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}2 {2}fc2 +Gemm, Relu +36 +6 +\S+ {2}<- features$/))
    expect(lines).toContainEqual(expect.stringMatching(/^ {7}fc3 +Gemm +21 +3 +logits {2}\(old head\)$/))
    expect(lines.at(-1)).toBe('82 parameters, 61 of them up to the features')
  })

  it('shows the rest of a model that cannot be run, and why', async () => {
    const found = await inspected('unclear.onnx')
    expect(found).toMatchObject({ network: null, nodes: 3, inputs: [{ name: 'x', dims: ['N', 'columns'] }] })
    expect(found.networkFault).toMatch(/Add/)
    const text = modelText(found.file, found)
    expect(text).toMatch(/Operators +1 × Add, 1 × Identity, 1 × Softmax/)
    expect(text).toMatch(/\nLayers: none can be told \(.*Add/)
  })
})
