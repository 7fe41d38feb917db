import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { suiteFolder } from './suite-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'graft-suite-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('takes the folder of all suites, or that of the suite itself', () => {
  mkdirSync(join(folder, 'digits'))
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'digits', 'a.npz'), '')
  const files = ['digits/a.npz']
  expect(suiteFolder(folder, files)).toBe(folder)
  expect(suiteFolder(join(folder, 'digits'), files)).toBe(folder)
  expect(suiteFolder(join(folder, 'other'), files)).toBe(join(folder, 'other'))
  expect(suiteFolder('nowhere', files)).toBe('nowhere')
})
