import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const core = fileURLToPath(new URL('packages/core/src/index.ts', import.meta.url))

export default defineConfig({
  resolve: { alias: { 'graft-learn': core } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    setupFiles: ['vitest.seed.ts'],
    globalSetup: ['packages/node/test/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
