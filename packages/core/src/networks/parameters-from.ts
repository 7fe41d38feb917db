import type { Block } from './blocks.ts'

/**
 * The parameters of the blocks from `depth` on (0: all of them), each once; those that an earlier block uses too are left
 * out, for what that block gives would change with them.
 */
export function parametersFrom(blocks: readonly Block[], depth: number): string[] {
  const before = new Set(blocks.slice(0, depth).flatMap(({ parameters }) => parameters))
  return [...new Set(blocks.slice(depth).flatMap(({ parameters }) => parameters))].filter((name) => !before.has(name))
}
