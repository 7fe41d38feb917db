import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { InvalidInputError } from 'graft-learn'
import type { ImageHooks, ImageList, SkippedFile } from './image-folder.ts'
import { nameFault } from './image-names.ts'
import { entriesOf, filesBelow } from './walk-folder.ts'
import { warnSkipped } from './warn-skipped.ts'

/**
 * Lists all images in a folder and below it, sorted by path, whatever their folders mean: for prediction, where no
 * classes are needed. The path of one image gives that alone. Throws `InvalidInputError` where there is none.
 */
export async function readImages(folder: string, hooks: ImageHooks = {}): Promise<ImageList> {
  if (nameFault(folder) === undefined && (await stat(folder).catch(() => undefined))?.isFile()) {
    return { folder: dirname(folder), files: [basename(folder)], skipped: [] }
  }
  const found = (await filesBelow(folder)).sort()
  const files = found.filter((file) => nameFault(file) === undefined)
  const skipped = found.flatMap((file): SkippedFile[] => {
    const reason = nameFault(file)
    return reason === undefined ? [] : [{ file, reason }]
  })
  warnSkipped(folder, skipped, hooks)
  if (files.length > 0) return { folder, files, skipped }
  throw new InvalidInputError('no images in it or below it: check the path, and the forms of the files', {
    file: folder,
  })
}

/**
 * What a path holds by its layout: `classes` (folders in it), `flat` (images directly in it and no folders), or null for
 * anything else, such as a table's file.
 */
export async function imageLayout(path: string): Promise<'classes' | 'flat' | null> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return null
  const { folders, files } = await entriesOf(path)
  if (folders.length > 0) return 'classes'
  return files.some((file) => nameFault(file) === undefined) ? 'flat' : null
}
