import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'graft-training-'))
afterAll(() => rmSync(folder, { recursive: true }))

const page = readFileSync(join(root, 'docs/training.md'), 'utf8')
const [shared, ...examples] = [...page.matchAll(/^```ts\n([\s\S]*?)```/gm)].map(([, code]) => code!)

/** What an example's own comments promise that it prints. */
const promised = (code: string) => [...code.matchAll(/console\.log\(.*\) \/\/ ([^,\n]*)/g)].map(([, said]) => said!)

/** The example with its files in the test's folder, and the command's package as it stands in this repository. */
const placed = (code: string) =>
  code
    .replaceAll(/'(trained\.onnx|checkpoints)'/g, (_, name: string) => JSON.stringify(join(folder, name)))
    .replace("'graft-cli'", JSON.stringify(join(root, 'packages/node/src/files/checkpoint-folder.ts')))

describe('docs/training.md', () => {
  it('has an example of every function that it names', () => {
    expect(shared).toMatch(/^\/\/ network\.ts\n/)
    for (const name of ['gradients', 'differentiate', 'compileStep', 'train']) {
      expect(examples.filter((code) => new RegExp(`await ${name}\\(|\\b${name}\\(runtime`).test(code)).length).toBe(
        name === 'train' ? 3 : 1,
      )
    }
  })

  it.each(examples.map((code, i) => [i, code] as const))('prints what example %i says', async (i, code) => {
    writeFileSync(join(folder, 'network.ts'), shared!)
    const file = join(folder, `example-${i}.ts`)
    writeFileSync(file, placed(code))
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    try {
      await import(/* @vite-ignore */ pathToFileURL(file).href)
      const said = log.mock.calls.map((call) => call.join(' '))
      const expected = promised(code)
      expect(expected.length).toBeGreaterThan(0)
      expect(said).toEqual(expected)
    } finally {
      log.mockRestore()
    }
  })
})
