#!/usr/bin/env node
import { existsSync } from 'node:fs'

// A published package has no tsconfig.json; a checkout does, and is compiled on its first launch and after changes.
if (existsSync(new URL('../tsconfig.json', import.meta.url))) {
  const { buildIfStale } = await import('./build.js')
  buildIfStale()
}
const { main } = await import('../dist/cli/main.js')
await main(process.argv.slice(2))
