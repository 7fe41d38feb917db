import { type Command, Option } from 'commander'
import { addCommonOptions, type CommonOptions } from './common-options.ts'
import { createConsole } from './console.ts'

export function registerMethods(program: Command): void {
  const command = program
    .command('methods')
    .description('list the methods and classifiers; with an id, its settings, needs and paper')
    .argument('[id]', 'a method or a classifier')
    .addOption(new Option('--family <family>', 'only the methods of this family'))
    .action(async (id: string | undefined, options: CommonOptions & { family?: string }) => {
      const { classifiers, findClassifier, findMethod, InvalidInputError, methods } = await import('graft-learn')
      const { describeClassifier, describeMethod } = await import('./describe-catalogue.ts')
      const { catalogueText, classifierText, methodText } = await import('./catalogue-text.ts')
      const console = createConsole(options)
      const ofFamily = methods.filter((method) => options.family === undefined || method.family === options.family)
      if (ofFamily.length === 0) {
        const families = [...new Set(methods.map((method) => method.family))]
        throw new InvalidInputError(`no method is of family "${options.family}": families are ${families.join(', ')}`)
      }
      if (id === undefined) {
        const all = {
          methods: ofFamily.map(describeMethod),
          classifiers: options.family === undefined ? classifiers.map(describeClassifier) : [],
        }
        console.result(all, () => catalogueText(all))
      } else if (classifiers.some((classifier) => classifier.id === id)) {
        const one = describeClassifier(findClassifier(id))
        console.result({ methods: [], classifiers: [one] }, () => classifierText(one))
      } else {
        const one = describeMethod(findMethod(id))
        console.result({ methods: [one], classifiers: [] }, () => methodText(one))
      }
    })
  addCommonOptions(command).addHelpText(
    'after',
    `
Examples:
  $ graft methods
  $ graft methods jda
  $ graft methods --json | jq '.methods[].id'`,
  )
}
