import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** What every command takes. */
export interface CommonOptions {
  readonly json?: boolean
  readonly seed: number
  readonly out?: string
  readonly quiet?: boolean
  readonly threads?: number
}

/** Adds the options that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .optionsGroup('Common options:')
    .option('--json', 'print one JSON object on standard output, and nothing else there')
    .addOption(new Option('--seed <number>', 'seed of all randomness').default(0).argParser(wholeNumber))
    .option('--out <folder>', 'folder for the files that are written', folderName)
    .option('--quiet', 'print no progress')
    .option(
      '--threads <number>',
      'threads of one operation (default, and most: as many as there are cores)',
      threadCount,
    )
    .helpOption('-h, --help', 'show this help')
}

/**
 * Refuses a call without one of these options. Commander's own `requiredOption` would do so before it has looked for
 * misspelt ones, and `--sorce x` would only hear that `--source` is missing.
 */
export function requireOptions(command: Command, names: readonly string[]): Command {
  return command.hook('preAction', () => {
    const missing = names.find((name) => command.getOptionValue(name) === undefined)
    if (missing === undefined) return
    const flags = command.options.find((option) => option.attributeName() === missing)?.flags
    command.error(`error: required option '${flags}' not specified`)
  })
}

/** Adds to a list: an option that may be given more than once, or with several values separated by commas. */
export const collect = (value: string, list: readonly string[] = []): string[] => [...list, value]
export function collectList(value: string, list: readonly string[] = []): string[] {
  const parts = splitList(value)
  if (parts.length === 0) throw new InvalidArgumentError('Give at least one, with commas between several.')
  return [...list, ...parts]
}

/**
 * Adds names of columns to a list: `id,date`. A name that holds a comma or a quote goes in double quotes, as in a CSV
 * file (`"a,b",c`); an empty text is the column without a name.
 */
export function collectNames(value: string, list: readonly string[] = []): string[] {
  if (value.trim() === '') return [...list, '']
  const found = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]+))/g)]
  const names = found.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!.trim())
  return [...list, ...names.filter((name, i) => name !== '' || found[i]![1] !== undefined)]
}

/** `a, b,c` as `['a', 'b', 'c']`. */
export const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.')
  return value
}

/** An empty name is a shell variable that was never set, and would mean the current folder. */
export function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Name a folder; the current one is a dot.')
  return text
}

/** More threads than cores only wait for each other, and thousands of them exhaust the memory. */
export const threadCount = (text: string): number => Math.min(positiveNumber(text), availableParallelism())

export function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value < 1) throw new InvalidArgumentError('Give a whole number of at least 1.')
  return value
}
