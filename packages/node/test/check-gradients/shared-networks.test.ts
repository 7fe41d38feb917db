import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCheckGradients } from '../../src/index.ts'
import { dataFolder } from '../tables/folder.ts'

const shared = (name: string) => join(dataFolder, name)
const files = (name: string) =>
  existsSync(shared(name)) ? readdirSync(shared(name)).filter((file) => file.endsWith('.onnx')) : []

describe.skipIf(files('gradients').length === 0)('the shared networks (skipped without GRAFT_DATA)', () => {
  for (const file of files('gradients')) {
    it(`${file}: agrees with PyTorch in float64`, async () => {
      const path = join(shared('gradients'), file)
      const { result } = await runCheckGradients(
        { model: path, case: path.replace(/onnx$/, 'npz'), seed: 0 },
        { progress: () => {} },
      )
      expect(result.parameters).toBeGreaterThanOrEqual(6)
      expect(result.loss).toBeCloseTo(result.referenceLoss!, 5)
      expect(result.maxRelativeError).toBeLessThan(1e-5)
    })
  }

  for (const file of files('backbones')) {
    it(`${file}: agrees with central differences`, async () => {
      const { result } = await runCheckGradients(
        { model: join(shared('backbones'), file), seed: 0, work: 4e9 },
        { progress: () => {} },
      )
      expect(result.parameters).toBeGreaterThan(2)
      expect(result.maxRelativeError).toBeLessThan(1e-4)
    }, 240_000)
  }
})
