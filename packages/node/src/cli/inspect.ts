import type { Command } from 'commander'
import { addCommonOptions, type CommonOptions, collectNames } from './common-options.ts'
import { createConsole } from './console.ts'

interface InspectOptions extends CommonOptions {
  readonly label?: string
  readonly drop?: readonly string[]
}

export function registerInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('what a data file, a folder of images or an ONNX model holds, and where the model can be cut')
    .argument('<file>', 'a data file, a folder of images, an .onnx file, or a folder with one')
    .option('--label <name>', 'the label column (default: label)')
    .option('--drop <columns>', 'columns to leave out, with commas between them', collectNames)
    .action(async (file: string, options: InspectOptions) => {
      const console = createConsole(options)
      const { inspectFile } = await import('../inspect/inspect-file.ts')
      const { imagesText, modelText, tableText } = await import('../inspect/inspect-text.ts')
      const found = await inspectFile(file, options)
      console.result({ command: 'inspect', ...found }, () =>
        found.kind === 'model'
          ? modelText(found.file, found)
          : found.kind === 'images'
            ? imagesText(found)
            : tableText(found),
      )
    })
  addCommonOptions(command).addHelpText(
    'after',
    `
Examples:
  $ graft inspect measurements.csv --label species
  $ graft inspect photographs/
  $ graft inspect graft-out/model.onnx
  $ graft inspect mobilenet.onnx          # its layers: what --reuse of "graft tune" counts
  $ graft inspect digits.npz --json`,
  )
}
