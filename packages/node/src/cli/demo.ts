import type { Command } from 'commander'
import { adaptHooks } from './adapt-hooks.ts'
import { addCommonOptions, type CommonOptions } from './common-options.ts'
import { createConsole } from './console.ts'

/** The methods that the demonstration compares, as far as they are there. */
const METHODS = ['none', 'pca', 'sa', 'coral', 'tca', 'gfk', 'jda']

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('the main job on handwritten digits that ship with Graft')
    .action(async (options: CommonOptions) => {
      const console = createConsole(options)
      const hooks = adaptHooks(console, true)
      const { join } = await import('node:path')
      const { methods } = await import('graft-learn')
      const { embeddedDigits } = await import('../demo/index.ts')
      const { DEFAULT_OUT, runAdapt } = await import('../adapt/run-adapt.ts')
      const { source, target } = embeddedDigits()
      console.note(
        'Source: 1,800 handwritten digits of MNIST, labelled. Target: the 1,797 digits of UCI, 8 × 8 pixels as well,',
      )
      console.note('but written by other people and scanned in another way. Their labels only score.\n')
      const result = await runAdapt(
        {
          ...options,
          sources: [source],
          target,
          methods: METHODS.filter((id) => methods.some((method) => method.id === id)),
          scale: 'zscore',
          out: options.out ?? join(DEFAULT_OUT, 'demo'),
          command: 'graft demo',
        },
        hooks,
      )
      const { adaptText } = await import('./adapt-text.ts')
      console.result({ ...result, command: 'demo' }, () => `\n${adaptText(result)}`)
    })
  addCommonOptions(command).addHelpText(
    'after',
    `
Writes to graft-out/demo, or to the folder of --out.

Examples:
  $ graft demo
  $ graft demo --out /tmp/demo --json`,
  )
}
