import { type Command, Option } from 'commander'
import {
  addCommonOptions,
  type CommonOptions,
  collectNames,
  folderName,
  positiveNumber,
  requireOptions,
} from './common-options.ts'
import { createConsole } from './console.ts'
import { INTERRUPTED } from './failure.ts'
import { leave } from './leave.ts'
import { shellCommand } from './shell-command.ts'
import { watchTuning } from './tune-watch.ts'

interface TuneOptions extends CommonOptions {
  readonly model: string
  readonly train: string
  readonly validation?: string
  readonly test?: string
  readonly remember?: string
  readonly reuse?: string
  readonly strategy: string
  readonly epochs?: number
  readonly shots?: number
  readonly features?: string
  readonly set?: readonly string[]
  readonly augment?: boolean
  readonly preset?: string
  readonly size?: string
  readonly mean?: string
  readonly std?: string
  readonly channels?: string
  readonly label?: string
  readonly drop?: readonly string[]
  readonly cache?: string
  readonly resume?: boolean
  readonly figures?: boolean
}

export function registerTune(program: Command): void {
  const command = program
    .command('tune')
    .description('fine-tune a pretrained network on new classes, from a few images of each')
    .option('--model <file>', 'an .onnx file, or a folder in the layout of Hugging Face')
    .option('--train <data>', 'a folder of images (FOLDER/class name/image.jpg), a table, or a file of features')
    .option('--test <data>', 'the same, only to score the result')
    .option('--validation <data>', 'the same, to choose the epoch by (default: a fifth of the training rows)')
    .addOption(new Option('--strategy <id>', 'what is trained and how: see below').default('full'))
    .option(
      '--reuse <n>',
      'keep the first N blocks of the network as they are, or auto ("graft inspect MODEL" lists them)',
    )
    .option('--epochs <n>', 'passes over the training rows (default: 10)', positiveNumber)
    .option('--shots <k>', 'learn from K rows of each class, without training the network', positiveNumber)
    .option('--remember <data>', 'labelled rows of the task that the network knew: says how much was forgotten')
    .option('--set <name=value...>', 'a setting of the strategy, or of training')
    .option('--features <name>', 'the value of the network to put the new head on (default: the suggested one)')
    .option('--no-augment', 'take training images as they are, without random crops, mirroring and colours')
    .option('--resume', 'go on from the checkpoints of a call that was interrupted')
    .option('--figures', 'write the figures of the report as files too')
    .optionsGroup('How images become inputs (default: what the model says itself, or a file beside it):')
    .option('--preset <name>', 'imagenet, mobilenet or caffe')
    .option('--size <pixels>', '224, or 320x224 (width by height)')
    .option('--mean <numbers>', 'one number, or three with commas between them')
    .option('--std <numbers>', 'the same')
    .option('--channels <order>', 'rgb, bgr or grey')
    .option(
      '--cache <folder>',
      'where outputs of frozen parts are kept (default: in the cache folder of the user)',
      folderName,
    )
    .optionsGroup('Tables:')
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (options: TuneOptions, self: Command) => {
      const { set, augment, ...rest } = options
      const console = createConsole(options)
      const watch = watchTuning(console)
      const chosen = self.getOptionValueSource('augment') === 'default' ? {} : { augment: augment === true }
      const call = { ...rest, ...chosen, settings: set ?? [], command: shellCommand(process.argv) }
      if (options.shots !== undefined) {
        const { runShots } = await import('../tune/run-shots.ts')
        const { shotsText } = await import('./shots-text.ts')
        const { outcome, lines } = await runShots({ ...call, shots: options.shots }, watch)
        console.result(outcome, () => shotsText(outcome, lines))
        return
      }
      const { runTune } = await import('../tune/run-tune.ts')
      const result = await runTune(call, watch)
      const { tuneText } = await import('./tune-text.ts')
      console.result(result, () => tuneText(result))
      if (result.interrupted) {
        process.stderr.write(`interrupted; the best so far is saved in ${result.files.model}, and --resume goes on\n`)
        await leave(INTERRUPTED)
      }
    })
  requireOptions(command, ['model', 'train'])
  addCommonOptions(command).addHelpText(
    'after',
    `
Strategies: head (features fixed), full, gradual, conservative, l2-sp, delta, bss, stoch-norm, co-tuning, lwf, ewc.
Writes model.onnx, report.html and, with --test, predictions.csv to the folder of --out (graft-out).

Examples:
  $ graft tune --model mobilenet.onnx --train photos --strategy head
  $ graft tune --model mobilenet.onnx --train photos --test more-photos --reuse auto --epochs 20
  $ graft tune --model resnet.onnx --preset imagenet --train photos --strategy l2-sp --set alpha=0.01
  $ graft tune --model mobilenet.onnx --train photos --shots 5
  $ graft predict --model graft-out --input new-photos`,
  )
}
