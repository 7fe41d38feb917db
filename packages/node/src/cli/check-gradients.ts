import type { Command } from 'commander'
import { addCommonOptions, type CommonOptions, requireOptions } from './common-options.ts'
import { createConsole } from './console.ts'
import { watchInterruption } from './interruption.ts'

interface CheckGradientsOptions extends CommonOptions {
  readonly model: string
  readonly case?: string
}

export function registerCheckGradients(program: Command): void {
  const command = program
    .command('check-gradients')
    .description('the gradient of every parameter against a reference file, or against central differences')
    .option('--model <file>', 'an .onnx file')
    .option('--case <file>', 'an .npz file: input, target (class numbers), loss, and grad/NAME for each parameter NAME')
    .action(async (options: CheckGradientsOptions) => {
      const console = createConsole(options)
      watchInterruption()
      const { runCheckGradients } = await import('../check-gradients/run-check-gradients.ts')
      const { checkText } = await import('../check-gradients/check-text.ts')
      const outcome = await runCheckGradients(options, { progress: console.progress.update })
      const { unsupported } = outcome
      if (unsupported === undefined || console.json) console.result(outcome.result, () => checkText(options, outcome))
      if (unsupported !== undefined) throw unsupported
    })
  requireOptions(command, ['model'])
  addCommonOptions(command).addHelpText(
    'after',
    `
The loss is the mean softmax cross-entropy of the model's first output. Without --case the inputs are random, the loss of
an output that is not rows of scores is the mean of its squares, and the reference are central differences in float64:
of every element where the network is small, else along random directions through each parameter.

Examples:
  $ graft check-gradients --model network.onnx --case network.npz
  $ graft check-gradients --model network.onnx --seed 3 --json`,
  )
}
