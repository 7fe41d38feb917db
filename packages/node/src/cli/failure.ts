import { CommanderError } from 'commander'

/** Exit codes that scripts rely on. */
export const DONE = 0
export const FAILED = 1
export const WRONG_CALL = 2
export const INTERRUPTED = 130

/**
 * What to tell the user of an error, or undefined where it was told already. Errors are known by name, so that the
 * library need not be loaded to find out that an option was misspelt.
 */
export function messageOf(error: unknown): string | undefined {
  if (error instanceof CommanderError) return undefined
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError') return 'interrupted before there was anything to save'
  if (error.name === 'ZodError') return issuesOf(error)
  if (error instanceof RangeError && /allocation|array length/i.test(error.message)) {
    return `out of memory (${error.message}): give fewer rows or features, or a machine with more memory`
  }
  return error.message
}

/** 2 where the call or its input was wrong, 1 where the work failed, 0 where help or the version was asked for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_CALL
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError') return INTERRUPTED
  return name === 'InvalidInputError' || name === 'ZodError' || name === 'UnsupportedOperatorError'
    ? WRONG_CALL
    : FAILED
}

function issuesOf(error: Error): string {
  const issues = (error as Error & { issues: readonly { path: readonly PropertyKey[]; message: string }[] }).issues
  return issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ')
}
