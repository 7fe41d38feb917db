import { styleText } from 'node:util'
import type { CommonOptions } from './common-options.ts'
import { createProgress, type Progress } from './progress.ts'

/** Where a command says things: results on standard output, everything else on standard error. */
export interface Console {
  /** Whether one JSON object is all that may go to standard output. */
  readonly json: boolean
  /** The result: `object` with `--json`, else the text. */
  result(object: unknown, text: () => string): void
  /** Something worth knowing; silent with `--quiet`. */
  note(text: string): void
  /** Something that the user should look at; printed always. */
  warn(text: string): void
  readonly progress: Progress
}

type Style = Parameters<typeof styleText>[0]

export function createConsole(options: CommonOptions): Console {
  const { json = false, quiet = false } = options
  const progress = createProgress(process.stderr, quiet)
  const say = (text: string): void => {
    progress.clear()
    process.stderr.write(`${text}\n`)
  }
  return {
    json,
    result: (object, text) => {
      progress.clear()
      process.stdout.write(`${json ? JSON.stringify(object) : text()}\n`)
    },
    note: (text) => {
      if (!quiet) say(text)
    },
    warn: (text) => say(`${styled('yellow', 'warning:', process.stderr)} ${text}`),
    progress,
  }
}

/** Text in a colour or weight where `stream` is a terminal and the user wants colours (https://no-color.org). */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb' ? styleText(style, text) : text
}
