import type { ImageHooks, SkippedFile } from './image-folder.ts'

const NAMED = 5

/** One warning for each reason, with the number of files and the names of the first few. */
export function warnSkipped(folder: string, skipped: readonly SkippedFile[], hooks: ImageHooks): void {
  const byReason = new Map<string, string[]>()
  for (const { file, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), file])
  for (const [reason, files] of byReason) {
    const names = files.slice(0, NAMED).join(', ')
    const more = files.length > NAMED ? `, and ${files.length - NAMED} more` : ''
    const count = files.length === 1 ? '1 file is' : `${files.length} files are`
    hooks.warn?.(`${folder}: ${count} skipped: ${reason} (${names}${more})`)
  }
}
