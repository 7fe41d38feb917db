import { join } from 'node:path'
import { didYouMean, InvalidInputError } from 'graft-learn'
import type { ImageFolder, ImageHooks, SkippedFile } from './image-folder.ts'
import { nameFault } from './image-names.ts'
import { entriesOf, type FolderEntries, filesBelow } from './walk-folder.ts'
import { warnSkipped } from './warn-skipped.ts'

/** How a folder with classes is read. */
export interface ImageFolderOptions extends ImageHooks {
  /** The classes of a model, where images are to be scored: the folder may then hold fewer of them, but no others. */
  readonly classes?: readonly string[]
  /** How many classes there must be, where none are known: 2, unless images are only to be predicted. */
  readonly fewest?: number
}

/**
 * Lists the images of `folder/class name/…`, at any depth below the class; classes sorted by code units, files by name.
 * Names of classes are brought to Unicode's composed form (NFC), in which two folders of one spelling are one class.
 * Images are not opened: what cannot be decoded shows itself later. Hidden files are ignored; files that are no images,
 * or lie beside the class folders, are skipped with one warning per reason, and so are class folders without images.
 * Throws `InvalidInputError` where there are no class folders, or one class only.
 */
export async function readImageFolder(folder: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  const entries = await entriesOf(folder)
  checkLayout(folder, entries)
  const skipped: SkippedFile[] = entries.files.map((file) => ({
    file,
    reason: nameFault(file) ?? 'it lies beside the class folders, and so has no class: move it into one of them',
  }))
  const byClass = new Map<string, string[]>()
  for (const name of entries.folders) {
    const files = byClass.get(name.normalize('NFC')) ?? []
    byClass.set(name.normalize('NFC'), files)
    for (const below of await filesBelow(join(folder, name))) {
      const reason = nameFault(below)
      if (reason === undefined) files.push(`${name}/${below}`)
      else skipped.push({ file: `${name}/${below}`, reason })
    }
  }
  const empty = [...byClass].filter(([, files]) => files.length === 0).map(([name]) => name)
  for (const name of empty) byClass.delete(name)
  if (empty.length > 0) {
    options.warn?.(`${folder}: no images in ${quoted(empty)}: left out, there is no such class`)
  }
  warnSkipped(folder, skipped, options)
  const classes = options.classes ?? [...byClass.keys()].sort()
  checkClasses(folder, [...byClass.keys()], options)
  const files: string[] = []
  const labels: number[] = []
  classes.forEach((name, label) => {
    for (const file of (byClass.get(name.normalize('NFC')) ?? []).sort()) {
      files.push(file)
      labels.push(label)
    }
  })
  return { folder, files, labels: Int32Array.from(labels), classes, skipped }
}

/** Folders that divide data instead of naming classes. */
const parts = new Set(['train', 'training', 'test', 'testing', 'val', 'valid', 'validation', 'dev', 'eval'])

function checkLayout(folder: string, { folders, files }: FolderEntries): void {
  if (folders.length === 0) {
    const images = files.filter((file) => nameFault(file) === undefined).length
    throw new InvalidInputError(
      images === 0
        ? 'no class folders and no images in it: expected FOLDER/class name/image.jpg, one folder for each class'
        : `${images} ${images === 1 ? 'image lies' : 'images lie'} directly in it, and so without classes: move them into one folder for each class, FOLDER/class name/image.jpg`,
      { file: folder },
    )
  }
  if (!folders.every((name) => parts.has(name.toLowerCase()))) return
  throw new InvalidInputError(
    `its folders (${quoted(folders)}) look like parts of a data set, not like classes: give one of them, such as ${join(folder, folders[0]!)}`,
    { file: folder },
  )
}

function checkClasses(
  folder: string,
  found: readonly string[],
  { classes: known, fewest = 2 }: ImageFolderOptions,
): void {
  if (found.length === 0) {
    throw new InvalidInputError(
      'none of its class folders holds an image: check the path, and the forms of the files',
      {
        file: folder,
      },
    )
  }
  if (known !== undefined) {
    const stranger = found.find((name) => !known.some((other) => other.normalize('NFC') === name))
    if (stranger === undefined) return
    throw new InvalidInputError(
      `"${stranger}" is no class of the model, which knows ${quoted(known)}${didYouMean(stranger, known)}: rename or remove the folder`,
      { file: folder },
    )
  }
  if (found.length >= fewest) return
  throw new InvalidInputError(
    `"${found[0]}" is the only class: there must be two or more to tell apart, each in a folder of its own`,
    { file: folder },
  )
}

const SHOWN = 10

const quoted = (names: readonly string[]): string =>
  `${names
    .slice(0, SHOWN)
    .map((name) => `"${name}"`)
    .join(', ')}${names.length > SHOWN ? ', …' : ''}`
