/** A process's arguments (`node`, the script, …) as a line that a shell would take. */
export const shellCommand = (argv: readonly string[]): string => ['graft', ...argv.slice(2).map(quoted)].join(' ')

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
