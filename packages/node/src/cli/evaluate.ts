import type { Command } from 'commander'
import type { PreprocessingOptions } from '../images/index.ts'
import { addCommonOptions, type CommonOptions, collectNames, requireOptions } from './common-options.ts'
import { createConsole } from './console.ts'
import { addImageOptions } from './image-options.ts'

interface EvaluateOptions extends CommonOptions, PreprocessingOptions {
  readonly model: string
  readonly input: string
  readonly label?: string
  readonly drop?: readonly string[]
}

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('score a saved model on labelled data')
    .option('--model <model>', 'an .onnx file, or a folder that "graft adapt" or "graft tune" wrote')
    .option(
      '--input <file>',
      'labelled rows, raw as the target of "graft adapt" was; for a model of images, FOLDER/class name/image.jpg',
    )
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
  addCommonOptions(addImageOptions(command)).addHelpText(
    'after',
    `
Examples:
  $ graft evaluate --model graft-out --input labelled.csv
  $ graft evaluate --model graft-out/jda/model.onnx --input labelled.npz --json`,
  )
}
