import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Model, readModel, upgradeModel } from '../src/onnx/index.ts'
import { openScope } from '../src/onnx/upgrade/scope.ts'
import { nodeRuntime } from '../src/runtime/index.ts'
import { disagreement } from './agreement.ts'
import { noSharedModels, randomInputs, sharedModels } from './shared-models.ts'

/** The model with every value an output. */
function opened(model: Model): Model {
  const names = model.graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''))
  return { ...model, graph: { ...model.graph, outputs: names.map((name) => ({ name })) } }
}

describe('networks from elsewhere', async () => {
  if (noSharedModels !== undefined) it.skip(noSharedModels, () => undefined)
  const runtime = await nodeRuntime()
  afterAll(() => runtime.release())

  for (const path of sharedModels) {
    const model = readModel(readFileSync(path))
    const inputs = randomInputs(model)

    it(`${basename(path)} gives the same in opset 18`, async () => {
      const upgraded = upgradeModel(model)
      expect(upgraded.opsets['']).toBe(18)
      expect(disagreement(await runtime.run(model, inputs), await runtime.run(upgraded, inputs))).toBeLessThan(1e-6)
    })

    it(`${basename(path)} has the types and shapes that are told of its values`, async () => {
      const scope = openScope({ ...model.graph, outputs: [] }, model.irVersion)
      for (const node of model.graph.nodes) scope.learn(node)
      const actual = Object.entries(await runtime.run(opened(model), inputs))
      const told = actual.map(([name, { type, dims }]) => {
        const found = scope.find(name)
        return [
          name,
          found.type ?? type,
          found.dims?.map((dim, i) => (typeof dim === 'number' ? dim : dims[i])) ?? dims,
        ]
      })
      expect(told).toEqual(actual.map(([name, { type, dims }]) => [name, type, dims]))
      expect(actual.filter(([name]) => scope.find(name).type === undefined)).toEqual([])
    })
  }
})
