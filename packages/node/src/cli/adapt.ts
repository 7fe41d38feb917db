import type { Command } from 'commander'
import type { PreprocessingOptions } from '../images/index.ts'
import { adaptHooks } from './adapt-hooks.ts'
import {
  addCommonOptions,
  type CommonOptions,
  collect,
  collectList,
  collectNames,
  folderName,
  requireOptions,
} from './common-options.ts'
import { createConsole } from './console.ts'
import { addImageOptions } from './image-options.ts'
import { shellCommand } from './shell-command.ts'

interface AdaptOptions extends CommonOptions, PreprocessingOptions {
  readonly backbone?: string
  readonly cache?: string
  readonly source: readonly string[]
  readonly target: string
  readonly labelledTarget?: string
  readonly method: readonly string[]
  readonly classifier?: string
  readonly task?: 'classification' | 'regression'
  readonly pairs?: string
  readonly scale?: 'none' | 'zscore' | 'l1-zscore' | 'l2' | 'minmax'
  readonly reuse?: string
  readonly epochs?: string
  readonly resume?: boolean
  readonly label?: string
  readonly drop?: readonly string[]
  readonly set?: readonly string[]
  readonly figures?: boolean
}

export function registerAdapt(program: Command): void {
  const command = program
    .command('adapt')
    .description('fit a method (or several) on a labelled source and predict the target')
    .option(
      '--source <file>',
      'labelled rows to learn from, or a folder of images by class; may be given more than once',
      collect,
    )
    .option('--target <file>', 'rows to predict, or a folder of images; labels in it only score')
    .option('--labelled-target <file>', 'labelled rows of the target domain, used in fitting')
    .option(
      '--method <ids>',
      'one method, or several with commas between them; "graft methods" lists them',
      collectList,
    )
    .option('--classifier <id>', 'the classifier on top (default: nearest-neighbour; in regression, ridge)')
    .option(
      '--task <kind>',
      'classification, or regression where the labels are numbers to be predicted (default: classification)',
    )
    .option('--pairs <file>', 'rows that are the same thing in both domains: columns source and target, rows from 1')
    .option(
      '--scale <how>',
      'how features are prepared: none, zscore, l1-zscore, l2 or minmax (default: zscore; for pixels and layers of a network none)',
    )
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .option(
      '--set <name=value...>',
      'a setting of the method; METHOD.NAME for one of several, classifier.NAME for the classifier',
    )
    .option('--figures', 'write the figures of the report as files too')
    .option(
      '--backbone <model>',
      'a pretrained network, F.onnx: its features stand for images in folders; deep methods train it, or lenet, or mlp',
    )
    .option(
      '--reuse <n>',
      'deep methods: how many blocks of the pretrained network stay as they are, or all (default: three quarters)',
    )
    .option('--epochs <n>', 'deep methods: passes over the larger of both domains')
    .option('--resume', 'deep methods: go on from the checkpoints of a call that was interrupted')
    .action(async (options: AdaptOptions) => {
      const { source, method, set, ...rest } = options
      const console = createConsole(options)
      const hooks = adaptHooks(console, method.length > 1)
      const { runAdapt } = await import('../adapt/run-adapt.ts')
      const result = await runAdapt(
        { ...rest, sources: source, methods: method, settings: set ?? [], command: shellCommand(process.argv) },
        hooks,
      )
      const { adaptText } = await import('./adapt-text.ts')
      console.result(result, () => adaptText(result))
    })
  requireOptions(command, ['source', 'target', 'method'])
  addImageOptions(command).option(
    '--cache <folder>',
    'where features of images are kept (default: in the cache folder of the user)',
    folderName,
  )
  addCommonOptions(command).addHelpText(
    'after',
    `
Writes model.onnx, predictions.csv and report.html to the folder of --out (graft-out); with several methods, a folder for each.

Examples:
  $ graft adapt --source last-year.csv --target this-year.csv --method jda
  $ graft adapt --source a.npz --source b.npz --target c.npz --method none,coral,tca --out results --figures
  $ graft adapt --source s.csv --target t.csv --method jda,tca --set components=30 --set jda.lambda=0.5
  $ graft adapt --source s.csv --target t.csv --method sa --classifier linear-svm --label species --drop id,date
  $ graft adapt --source old-sensor.csv --target new-sensor.csv --method none,kmm,coral --task regression --label flow
  $ graft adapt --source words.csv --target pixels.csv --labelled-target few.csv --method target-only,cca --pairs same.csv
  $ graft adapt --source amazon --target webcam --backbone mobilenet_v2.onnx --preset mobilenet --method coral
  $ graft adapt --source amazon --target webcam --backbone mobilenet_v2.onnx --preset mobilenet --method source-only,dann
  $ graft adapt --source usps.npz --target mnist.npz --backbone lenet --method dann --epochs 20`,
  )
}
