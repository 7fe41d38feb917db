import { readFileSync } from 'node:fs'
import { describeSetting, methods, operatorTable } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { markers, methodsPage, methodTable, replaceBetween } from '../../../scripts/method-documents.mjs'
import { operatorsPage } from '../../../scripts/operator-document.mjs'

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')

/** A document without what the formatter is free in: the width of cells, and empty lines around markers. */
const unformatted = (text: string): string =>
  text
    .replace(/ {2,}/g, ' ')
    .replace(/-{3,}/g, '---')
    .replace(/\n{2,}/g, '\n\n')
    .trim()

const advice = 'renew it: npm run build && node scripts/write-method-table.mjs && npm run format'

describe('what the documents say of the methods', () => {
  it('is what the catalogue says: docs/methods.md', () => {
    expect(unformatted(read('docs/methods.md')), advice).toBe(unformatted(methodsPage(methods, describeSetting)))
  })

  it('is what the catalogue says: the table in README.md', () => {
    const text = read('README.md')
    expect(unformatted(text), advice).toBe(unformatted(replaceBetween(text, markers, methodTable(methods))))
  })

  it('has a section for every method and a row for every setting', () => {
    const page = read('docs/methods.md')
    for (const { id, options } of methods) {
      const [, ...rest] = page.split(`(\`${id}\`)\n`)
      expect(rest, id).toHaveLength(1)
      const own = rest[0]!.split('\n## ')[0]!
      for (const setting of Object.keys(options.shape)) expect(own, id).toMatch(new RegExp(`\\| \`${setting}\` +\\|`))
    }
  })
})

describe('what the documents say of the operators', () => {
  const renew = 'renew it: npm run build && node scripts/write-operator-table.mjs && npm run format'

  it('is what the rules say: docs/operators.md', () => {
    expect(unformatted(read('docs/operators.md')), renew).toBe(unformatted(operatorsPage(operatorTable)))
  })

  it('names every operator once', () => {
    const page = read('docs/operators.md')
    for (const { operator } of operatorTable) expect(page.split(`\`${operator}\``), operator).toHaveLength(2)
  })
})
