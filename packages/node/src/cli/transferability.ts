import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TransferabilityCall } from '../transferability/call.ts'
import { addCommonOptions, type CommonOptions, collectNames, positiveNumber, splitList } from './common-options.ts'
import { createConsole } from './console.ts'
import { INTERRUPTED } from './failure.ts'
import { leave } from './leave.ts'
import { shellCommand } from './shell-command.ts'
import { watchTuning } from './tune-watch.ts'

type TransferabilityOptions = CommonOptions & Omit<TransferabilityCall, keyof CommonOptions>

export function registerTransferability(program: Command): void {
  const command = program
    .command('transferability')
    .description('how transferable each layer of a network is: the experiment of Yosinski et al. (2014) on your data')
    .option('--data <data>', 'a table whose rows are square images, or a folder of images by class')
    .addOption(
      new Option('--network <name>', 'what is trained; mlp takes any table')
        .choices(['lenet', 'cnn', 'mlp'])
        .default('cnn'),
    )
    .option('--seeds <n>', 'repetitions, each with other classes, rows and weights (default: 5)', positiveNumber)
    .option('--split <classes>', 'the classes of task A, the rest being task B (default: random halves)', collectNames)
    .option('--cuts <numbers>', 'how many layers are copied, with commas between them (default: each number)', cutList)
    .option('--rows <n>', 'train on at most so many rows of each class (default: all not held out)', positiveNumber)
    .option('--source-rows <n>', 'the same for task A alone, as when a network learnt from plenty', positiveNumber)
    .option('--held-out <share>', 'the part of each class to score on (default: 0.25)', positive)
    .option('--epochs <n>', 'passes over the rows, in every run (default: 20)', positiveNumber)
    .option('--batch <n>', 'rows of a step (default: 32)', positiveNumber)
    .option('--rate <number>', 'the learning rate that training starts with (default: 0.002)', positive)
    .option('--model <file>', 'also draw the first filters of this network; without --data, draw them only')
    .option('--resume', 'go on with the runs that are in the folder of --out')
    .option('--figures', 'write the figures of the report as files too')
    .optionsGroup('Images of a folder:')
    .option('--size <pixels>', 'side that they are brought to (default: 32)', positiveNumber)
    .addOption(
      new Option('--channels <order>', 'of the images, or of what --model takes').choices(['rgb', 'bgr', 'grey']),
    )
    .optionsGroup('Tables:')
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (options: TransferabilityOptions, self: Command) => {
      const { data, model } = options
      if (data === undefined && model === undefined) self.error("error: required option '--data <data>' not specified")
      const console = createConsole(options)
      const { drawFilters, runTransferability } = await import('../transferability/index.ts')
      const { filtersText, transferabilityText } = await import('../transferability/transferability-text.ts')
      if (data === undefined) {
        const drawn = await drawFilters({ ...options, model: model! })
        console.result(drawn, () => filtersText(drawn))
        return
      }
      const watch = watchTuning(console)
      const result = await runTransferability({ ...options, data, command: shellCommand(process.argv) }, watch)
      console.result(result, () => transferabilityText(result))
      if (result.interrupted) {
        const { runs, planned, files } = result
        process.stderr.write(
          `interrupted; ${runs.length} of ${planned} runs are saved in ${files.runs}, and --resume goes on\n`,
        )
        await leave(INTERRUPTED)
      }
    })
  addCommonOptions(command).addHelpText(
    'after',
    `
For every cut n, networks for task B are made of n layers of base B (BnB), of base A (AnB) or of none (RnB, random) and
fresh ones after them; the copied layers stay frozen, or are trained on (BnB+, AnB+).
Writes report.html, transferability.json and, after each run, runs.json and bases/ to the folder of --out (graft-out).

Examples:
  $ graft transferability --data digits.npz --seeds 5 --rows 100
  $ graft transferability --data fashion.npz --split 0,2,3,4,6 --network lenet --epochs 30 --figures
  $ graft transferability --data photos --size 48 --seeds 3 --out layers
  $ graft transferability --data photos --size 48 --seeds 5 --out layers --resume
  $ graft transferability --model squeezenet.onnx --channels bgr`,
  )
}

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Give a number above 0.')
  }
  return value
}

const cutList = (text: string): number[] => splitList(text).map(positiveNumber)
