import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { classifierFile, describeNetwork, splitNetwork, withHead } from '../src/networks/index.ts'
import { readModel, writeModel } from '../src/onnx/index.ts'
import { nodeRuntime } from '../src/runtime/index.ts'
import type { Tensor } from '../src/tensor/index.ts'
import { noSharedModels, randomInputs, sharedModels } from './shared-models.ts'

/** Blocks up to the features and beyond them, the features and their sizes. */
const expected: Readonly<Record<string, readonly [number, number, string, readonly number[]]>> = {
  'mobilenet_v1_0.25_224.onnx': [27, 2, 'features', [256]],
  'mobilenet_v2_0.35_224_features.onnx': [32, 0, 'features', [1280]],
  'squeezenet_v1.0.onnx': [17, 1, 'features', [512]],
  'dilated-conv1d.onnx': [2, 1, '/5/Flatten_output_0', [8]],
  'lenet.onnx': [2, 1, '/6/Flatten_output_0', [256]],
  'mlp.onnx': [2, 1, '/3/Tanh_output_0', [16]],
  'mobilenet.onnx': [5, 1, '/10/Flatten_output_0', [16]],
  'resnet.onnx': [3, 1, '/7/Flatten_output_0', [16]],
  'text-transformer.onnx': [5, 1, '/ReduceMean_output_0', [32]],
}

/** The largest difference, relative to the largest number. */
function distance(a: Tensor, b: Tensor): number {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array]
  const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0) / largest
}

describe('networks from elsewhere', async () => {
  if (noSharedModels !== undefined) it.skip(noSharedModels, () => undefined)
  const runtime = await nodeRuntime({ cachedSessions: 8 })
  afterAll(() => runtime.release())

  for (const path of sharedModels) {
    const name = basename(path)
    const file = readModel(readFileSync(path))
    const inputs = randomInputs(file)

    it(`${name} shows its layers and features`, async () => {
      const { blocks, head, features, dims, model } = await describeNetwork(runtime, file)
      expect([blocks.length, head.length, features, dims]).toEqual(expected[name] ?? expect.anything())
      expect(new Set(blocks.map((block) => block.name)).size).toBe(blocks.length)
      const [opened, before] = [await runtime.run(model, inputs), await runtime.run(file, inputs)]
      for (const [output, value] of Object.entries(before)) expect(distance(opened[output]!, value)).toBeLessThan(1e-5)
    })

    it(`${name} gives the same in two parts`, async () => {
      const { input, blocks, model, features } = await describeNetwork(runtime, file)
      const output = model.graph.outputs.find((each) => each.name === features) ?? model.graph.outputs[0]!
      const whole = (await runtime.run(model, inputs))[output.name]!
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(input.name, ...blocks.map((block) => block.output)), async (place) => {
          const { base, rest } = splitNetwork(model, place, [output.name])
          const between = await runtime.run(base, inputs)
          const after = await runtime.run(rest, between)
          expect(distance(after[output.name]!, whole)).toBeLessThan(1e-5)
        }),
        { numRuns: 4 },
      )
    })

    it(`${name} becomes a classifier of other classes`, async () => {
      const { features } = await describeNetwork(runtime, file)
      const { model, width } = await withHead(runtime, file, features, undefined, 2)
      const classes = ['yes', 'no']
      const written = readModel(writeModel(classifierFile(model, { classes })))
      const { label, probabilities, embedding } = await runtime.run(written, inputs)
      expect(label!.data).toEqual(['yes', 'yes'])
      expect(probabilities).toEqual({ type: 'float32', dims: [2, 2], data: new Float32Array(4).fill(0.5) })
      expect(embedding!.dims).toEqual([2, width])
    })
  }
})
