import type { Command } from 'commander'
import { addCommonOptions, type CommonOptions, collectList, requireOptions } from './common-options.ts'
import { createConsole } from './console.ts'
import { watchInterruption } from './interruption.ts'
import { suiteFolder } from './suite-folder.ts'

interface BenchOptions extends CommonOptions {
  readonly data: string
  readonly methods?: readonly string[]
}

export function registerBench(program: Command): void {
  const command = program
    .command('bench')
    .description('a published experiment, printed beside the published numbers')
    .argument('<suite>', 'office-caltech10-surf or digits')
    .option('--data <folder>', 'the folder that holds office-caltech10-surf/ and digits/, or one of these itself')
    .option('--methods <ids>', 'methods, with commas between them (default: those with published numbers)', collectList)
    .action(async (suite: string, options: BenchOptions) => {
      const console = createConsole(options)
      watchInterruption()
      const { findSuite, runSuite } = await import('../bench-suites/run-suite.ts')
      const { benchText } = await import('../bench-suites/bench-text.ts')
      const { note, warn, progress } = console
      const files = findSuite(suite).tasks.flatMap(({ source, target }) => [source, target])
      const data = suiteFolder(options.data, files)
      const result = await runSuite({ ...options, suite, data }, { note, warn, progress: progress.update })
      console.result(result, () => benchText(findSuite(suite), result))
    })
  requireOptions(command, ['data'])
  addCommonOptions(command).addHelpText(
    'after',
    `
Scores are per cent correct. Every method has one setting for all tasks of a suite.

Examples:
  $ graft bench digits --data ~/transfer-data
  $ graft bench office-caltech10-surf --data ~/transfer-data --methods none,tca,jda --json`,
  )
}
