import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { disagreement } from '../../test/agreement.ts'
import { noSharedModels, randomInputs, sharedModels } from '../../test/shared-models.ts'
import { readModel, writeModel, writeModelWithExternalData } from '../onnx/index.ts'
import { nodeRuntime } from './node.ts'
import { webRuntime } from './web.ts'

describe('networks from elsewhere', async () => {
  if (noSharedModels !== undefined) it.skip(noSharedModels, () => undefined)
  const [node, web] = [await nodeRuntime(), await webRuntime({ threads: 1 })]
  afterAll(() => Promise.all([node.release(), web.release()]))

  for (const path of sharedModels) {
    const file = readFileSync(path)
    const model = readModel(file)
    const inputs = randomInputs(model)

    it(`${basename(path)} gives the same bits after reading and writing`, async () => {
      const written = writeModel(model)
      expect(Buffer.compare(written, writeModel(readModel(written)))).toBe(0)
      const expected = await node.runFile(file, inputs)
      expect(disagreement(await node.runFile(written, inputs), expected)).toBe(0)
      const apart = writeModelWithExternalData(model, { location: 'w', threshold: 256 })
      const data = Buffer.concat(apart.data)
      const again = readModel(apart.model, (_, offset, length) => data.subarray(offset, offset + length!))
      expect(disagreement(await node.run(again, inputs), expected)).toBe(0)
    })

    it(`${basename(path)} agrees between onnxruntime-web and onnxruntime-node`, async () => {
      const [a, b] = [await node.run(model, inputs), await web.run(model, inputs)]
      expect(disagreement(a, b)).toBeLessThan(1e-4)
    })
  }
})
