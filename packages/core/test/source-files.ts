import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A file of the repository: its path from the root with `/` between folders, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** All files below a folder of the repository whose names match; what is built or installed is left out. */
export function sourceFiles(folder: string, names: RegExp): SourceFile[] {
  const skipped = /(^|[\\/])(node_modules|dist|graft-out|\.git)([\\/]|$)/
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: relative(root, join(entry.parentPath, entry.name)) }))
    .filter(({ entry, path }) => entry.isFile() && !skipped.test(path) && names.test(entry.name))
    .map(({ path }) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** A program without its comments: newlines stay. Good enough for code that does not hide `//` in a regular expression. */
export const withoutComments = (text: string): string =>
  text.replace(/("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '$1')

/** A program without its comments and without the text of its string literals (templates keep their text). */
export const withoutStrings = (text: string): string =>
  withoutComments(text).replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, "''")

/** One import of a module: where from, and whether it happens at run time only. */
export interface Import {
  readonly module: string
  readonly dynamic: boolean
}

/** What a program imports or exports again. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text)
  const names = String.raw`(?:[\w$*{}\s,]+\sfrom\s+)`
  const written = new RegExp(String.raw`^\s*(?:import\s+${names}?|export\s+${names})['"]([^'"]+)['"]`, 'gm')
  const called = /\bimport\s*\(\s*['"]([^'"]+)['"]/g
  return [
    ...[...code.matchAll(called)].map((match) => ({ module: match[1]!, dynamic: true })),
    ...[...code.matchAll(written)].map((match) => ({ module: match[1]!, dynamic: false })),
  ]
}
