import type { Command } from 'commander'
import type { PreprocessingOptions } from '../images/index.ts'
import { addCommonOptions, type CommonOptions, collectNames, requireOptions } from './common-options.ts'
import { createConsole } from './console.ts'
import { addImageOptions } from './image-options.ts'
import { watchInterruption } from './interruption.ts'
import { oneLine } from './text-table.ts'

interface PredictOptions extends CommonOptions, PreprocessingOptions {
  readonly model: string
  readonly input: string
  readonly output?: string
  readonly label?: string
  readonly drop?: readonly string[]
}

export function registerPredict(program: Command): void {
  const command = program
    .command('predict')
    .description('predictions and probabilities of a saved model')
    .option('--model <model>', 'an .onnx file, or a folder that "graft adapt" or "graft tune" wrote')
    .option(
      '--input <file>',
      'rows to predict, raw as the target of "graft adapt" was; for a model of images, a folder of them, or one',
    )
    .option(
      '--output <file>',
      'CSV to write; without it and --out, rows go to standard output, with --json into the object',
    )
    .option('--label <name>', 'a label column, left out of the features (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (options: PredictOptions) => {
      const console = createConsole(options)
      const { whole } = watchInterruption()
      const { runPredict } = await import('../saved-model/run-predict.ts')
      const { result, lines } = await runPredict(options, {
        progress: console.progress.update,
        warn: console.warn,
        whole,
      })
      if (result.output !== null || console.json) {
        console.result(result, () => {
          const counts = result.classes.map((name) => `${oneLine(name)}: ${result.counts[name]}`)
          return `${result.rows} rows predicted (${counts.join(', ')})\nPredictions: ${result.output}`
        })
        return
      }
      console.progress.clear()
      for (const text of lines()) process.stdout.write(text)
    })
  requireOptions(command, ['model', 'input'])
  addCommonOptions(addImageOptions(command)).addHelpText(
    'after',
    `
Examples:
  $ graft predict --model graft-out --input new.csv > predictions.csv
  $ graft predict --model graft-out/jda/model.onnx --input new.parquet --output predictions.csv --json`,
  )
}
