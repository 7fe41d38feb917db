/**
 * Renews the table of methods in README.md, between the two markers, from the catalogue itself.
 *
 *     npm run build && node scripts/write-method-table.mjs && npm run format
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { methods } from 'graft-learn'

const file = new URL('../README.md', import.meta.url)
const markers = ['<!-- methods -->\n', '<!-- /methods -->']

const paperOf = ({ paper }) => {
  if (paper === null) return '–'
  const [first, ...others] = paper.authors.split(', ')
  return `${first}${others.length > 0 ? ' et al.' : ''} ${paper.year}`
}
const rows = methods.map((m) => `| \`${m.id}\` | ${m.name} | ${m.summary} | ${paperOf(m)} |`)
const table = ['', '| id | method | what it does | paper |', '|---|---|---|---|', ...rows, '', ''].join('\n')

const text = readFileSync(file, 'utf8')
const start = text.indexOf(markers[0]) + markers[0].length
const end = text.indexOf(markers[1])
if (start < markers[0].length || end < start) throw new Error('README.md has lost its <!-- methods --> markers')
writeFileSync(file, text.slice(0, start) + table + text.slice(end))
