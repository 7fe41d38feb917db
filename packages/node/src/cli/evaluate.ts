import type { Command } from 'commander'
import { addCommonOptions, type CommonOptions, collectNames, requireOptions } from './common-options.ts'
import { createConsole } from './console.ts'

interface EvaluateOptions extends CommonOptions {
  readonly model: string
  readonly input: string
  readonly label?: string
  readonly drop?: readonly string[]
}

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('score a saved model on labelled data')
    .option('--model <model>', 'an .onnx file, or a folder that "graft adapt" wrote')
    .option('--input <file>', 'labelled rows, raw as the target of "graft adapt" was')
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (options: EvaluateOptions) => {
      const console = createConsole(options)
      const { runEvaluate } = await import('../saved-model/run-evaluate.ts')
      const { evaluationText } = await import('../saved-model/evaluation-text.ts')
      const result = await runEvaluate(options, { warn: console.warn, progress: console.progress.update })
      console.result(result, () => evaluationText(result))
    })
  requireOptions(command, ['model', 'input'])
  addCommonOptions(command).addHelpText(
    'after',
    `
Examples:
  $ graft evaluate --model graft-out --input labelled.csv
  $ graft evaluate --model graft-out/jda/model.onnx --input labelled.npz --json`,
  )
}
