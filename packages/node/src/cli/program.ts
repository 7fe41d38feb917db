import { Command } from 'commander'
import { registerAdapt } from './adapt.ts'
import { registerBench } from './bench.ts'
import { registerCheckGradients } from './check-gradients.ts'
import { registerDemo } from './demo.ts'
import { registerEvaluate } from './evaluate.ts'
import { registerInspect } from './inspect.ts'
import { registerMapRelations } from './map-relations.ts'
import { registerMethods } from './methods.ts'
import { registerPredict } from './predict.ts'
import { registerRank } from './rank.ts'
import { registerTransferability } from './transferability.ts'
import { registerTune } from './tune.ts'
import { packageVersion } from './version.ts'

/** The whole command line. Each command loads what it works with only when it runs, so that help comes at once. */
export function createProgram(): Command {
  const program = new Command('graft')
    .description(
      'Transfer learning: fits a model on one data set for another with few labels or none, says whether the transfer ' +
        'helped or hurt, and leaves a plain .onnx file.',
    )
    .version(packageVersion())
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .showHelpAfterError('(graft --help, or graft COMMAND --help, shows what may be given)')
    .addHelpText(
      'after',
      `
Examples:
  $ graft demo
  $ graft adapt --source last-year.csv --target this-year.csv --method tca,jda,coral
  $ graft predict --model graft-out/jda --input new.csv --output predictions.csv
  $ graft methods jda

Exit codes: 0 done; 1 it failed; 2 the call or its input was wrong; 130 interrupted, with finished work saved.`,
    )
  registerAdapt(program)
  registerPredict(program)
  registerEvaluate(program)
  registerMethods(program)
  registerInspect(program)
  registerBench(program)
  registerTune(program)
  registerCheckGradients(program)
  registerRank(program)
  registerTransferability(program)
  registerMapRelations(program)
  registerDemo(program)
  return program
}
