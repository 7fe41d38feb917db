import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { graft, workFolder } from './graft.ts'

const folder = workFolder()
const data = process.env.GRAFT_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

describe('graft bench', () => {
  it.skipIf(!existsSync(join(data, 'digits')))(
    'gives the published numbers of nearest neighbours (skipped without GRAFT_DATA)',
    async () => {
      const run = await graft(folder, ['bench', 'digits', '--data', data, '--methods', 'none', '--json'])
      expect(run.code).toBe(0)
      const { suite, rows, means } = JSON.parse(run.stdout)
      expect(suite).toBe('digits')
      expect(rows.map(({ method, task, published }: Record<string, unknown>) => [method, task, published])).toEqual([
        ['none', 'USPS to MNIST', 44.7],
        ['none', 'MNIST to USPS', 65.9],
      ])
      for (const { score, published } of rows) expect(Math.abs(score - published)).toBeLessThan(0.06)
      expect(means).toEqual([{ method: 'none', score: 55.32, published: 55.3 }])
      expect(run.stderr).toContain('MNIST to USPS: none 65.9')
    },
  )
})
