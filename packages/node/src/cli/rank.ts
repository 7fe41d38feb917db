import { type Command, Option } from 'commander'
import type { RankCall } from '../rank/rank-call.ts'
import {
  addCommonOptions,
  type CommonOptions,
  collect,
  collectList,
  collectNames,
  requireOptions,
} from './common-options.ts'
import { createConsole } from './console.ts'
import { watchInterruption } from './interruption.ts'

type RankOptions = CommonOptions & Omit<RankCall, keyof CommonOptions>

export function registerRank(program: Command): void {
  const command = program
    .command('rank')
    .description('which pretrained model, and which of its layers, suits a data set best, found without training')
    .option('--models <files>', '.onnx files or Hugging Face folders, with commas between them', collectList)
    .option('--train <data>', 'a folder of images by class, or a table with the columns that the models take')
    .option('--layers', 'rank every place where a model can be cut, not only its last features')
    .option(
      '--scores <ids>',
      'logme, leep, nce, h-score, shrunk-h-score, transrate, n-leep, with commas between them (default: all)',
      collectList,
    )
    .addOption(
      new Option('--task <kind>', 'what the labels are (default: classification)').choices([
        'classification',
        'regression',
      ]),
    )
    .optionsGroup('Images (one value for all models, or one for each; auto: as the model’s own files say):')
    .option('--preset <names>', 'how images are prepared: imagenet, mobilenet or caffe', collectList)
    .option('--size <sizes>', 'pixels, such as 224 or 320x224', collectList)
    .option('--channels <orders>', 'rgb, bgr or grey', collectList)
    .option('--mean <numbers>', 'one number or three; again for the next model', collect)
    .option('--std <numbers>', 'one number or three; again for the next model', collect)
    .optionsGroup('Tables:')
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (options: RankOptions) => {
      const console = createConsole(options)
      const { saved } = watchInterruption()
      const { runRank } = await import('../rank/run-rank.ts')
      const { rankText } = await import('../rank/rank-text.ts')
      const result = await runRank(options, { warn: console.warn, progress: console.progress.update, saved })
      console.result(result, () => rankText(result))
    })
  requireOptions(command, ['models', 'train'])
  addCommonOptions(command).addHelpText(
    'after',
    `
Features are kept on disk: the same models on the same images cost only the scores the next time.

Examples:
  $ graft rank --models mobilenet_v2.onnx,squeezenet.onnx --preset mobilenet,caffe --train photos
  $ graft rank --models mobilenet_v2.onnx --preset mobilenet --train photos --layers --scores logme,shrunk-h-score
  $ graft rank --models small.onnx,large.onnx --train measurements.csv --label species --json`,
  )
}
