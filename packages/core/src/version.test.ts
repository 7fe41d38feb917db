import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from './version.ts'

it.each(['core', 'node'])('is the version of packages/%s', (folder) => {
  const text = readFileSync(new URL(`../../${folder}/package.json`, import.meta.url), 'utf8')
  expect((JSON.parse(text) as { version: string }).version).toBe(version)
})
