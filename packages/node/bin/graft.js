#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

// Matrices press for garbage collection often, and its concurrent marking would take a core from ONNX Runtime each time:
// a tenth of a fit. The heap beside them is small, so that marking it on this thread takes next to nothing.
setFlagsFromString('--no-concurrent-marking')

// A published package has no tsconfig.json; a checkout does, and is compiled on its first launch and after changes.
if (existsSync(new URL('../tsconfig.json', import.meta.url))) {
  const { buildIfStale } = await import('./build.js')
  buildIfStale()
}
const { main } = await import('../dist/cli/main.js')
await main(process.argv.slice(2))
