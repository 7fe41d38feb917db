/**
 * Renews what the documents say of the methods, from the catalogue itself: the table in README.md, between its two
 * markers, and docs/methods.md.
 *
 *     npm run build && node scripts/write-method-table.mjs && npm run format
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { describeSetting, methods } from 'graft-learn'
import { markers, methodsPage, methodTable, replaceBetween } from './method-documents.mjs'

const readme = new URL('../README.md', import.meta.url)
writeFileSync(readme, replaceBetween(readFileSync(readme, 'utf8'), markers, methodTable(methods)))
writeFileSync(new URL('../docs/methods.md', import.meta.url), methodsPage(methods, describeSetting))
