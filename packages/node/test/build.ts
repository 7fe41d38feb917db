import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Before all tests: the launcher compiles the checkout, so that each test's process finds it built. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../bin/graft.js', import.meta.url)), '--version'])
}
