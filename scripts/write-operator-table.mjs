/**
 * Renews docs/operators.md, which says what operators a gradient passes, from the rules themselves.
 *
 *     npm run build && node scripts/write-operator-table.mjs && npm run format
 */
import { writeFileSync } from 'node:fs'
import { operatorTable } from 'graft-learn'
import { operatorsPage } from './operator-document.mjs'

writeFileSync(new URL('../docs/operators.md', import.meta.url), operatorsPage(operatorTable))
