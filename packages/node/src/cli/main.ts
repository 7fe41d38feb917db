import { exitCodeOf, messageOf } from './failure.ts'
import { leave } from './leave.ts'
import { createProgram } from './program.ts'

/** Runs the command line on its arguments (without `node` and the script) and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has seen enough (`graft methods | head -1`): nothing is wrong.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    await createProgram().parseAsync(argv, { from: 'user' })
    await leave(0)
  } catch (error) {
    const message = messageOf(error)
    if (message !== undefined) process.stderr.write(`error: ${message}\n`)
    if (process.env.GRAFT_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    await leave(exitCodeOf(error))
  }
}
