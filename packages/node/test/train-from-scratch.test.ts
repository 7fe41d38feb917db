import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeRuntime, readModel } from 'graft-learn'
import { expect, it } from 'vitest'
import { workFolder } from './graft.ts'

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url))
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const node = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' })

it('the example trains a network from scratch and writes a file that runs', async () => {
  const file = join(workFolder(), 'lenet.onnx')
  expect(node(compiler, '-b', examples)).toMatchObject({ stdout: '', status: 0 })
  const script = join(examples, 'dist', 'train-from-scratch.js')
  const { status, stdout, stderr } = node(script, '--out', file, '--rows', '600', '--epochs', '3')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toMatch(/480 digits to train on, 120 held out/)
  // One in ten would be chance.
  expect(Number(/accuracy ([\d.]+)%/.exec(stdout)![1])).toBeGreaterThan(60)

  const model = readModel(readFileSync(file))
  expect(model.graph.outputs).toMatchObject([{ name: 'logits', type: 'float32', dims: ['N', 10] }])
  const runtime = await nodeRuntime()
  const image = { type: 'float32' as const, dims: [2, 1, 28, 28], data: new Float32Array(2 * 784) }
  const { logits } = await runtime.run(model, { image })
  expect(logits!.dims).toEqual([2, 10])
  await runtime.release()
})
