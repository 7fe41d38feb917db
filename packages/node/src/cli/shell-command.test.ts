import { expect, it } from 'vitest'
import { shellCommand } from './shell-command.ts'

it('quotes what a shell would split', () => {
  const argv = ['node', 'graft.js', 'adapt', '--set', 'k=3', "it's here.csv", '']
  expect(shellCommand(argv)).toBe("graft adapt --set k=3 'it'\\''s here.csv' ''")
})
