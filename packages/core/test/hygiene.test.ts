import { describe, expect, it } from 'vitest'
import { sourceFiles, withoutStrings } from './source-files.ts'

const LARGEST = 12_000
const code = /\.(ts|mts|tsx|js|mjs|py)$/
const files = ['packages', 'bench', 'scripts'].flatMap((folder) => sourceFiles(folder, code))

describe('the repository', () => {
  it('has source files', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  it(`has no source file above ${LARGEST} bytes`, () => {
    const large = files.filter((file) => new TextEncoder().encode(file.text).length > LARGEST)
    expect(large.map((file) => file.path)).toEqual([])
  })

  it('has no default exports', () => {
    const found = files.filter((file) => /\bexport\s+default\b|\bas\s+default\b/.test(withoutStrings(file.text)))
    expect(found.map((file) => file.path)).toEqual([])
  })
})
