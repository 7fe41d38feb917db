/** A file that is left out, and why. */
export interface SkippedFile {
  /** Relative to the folder that was read. */
  readonly file: string
  /** The same words for all files of one kind of fault. */
  readonly reason: string
}

/** Images found below a folder. */
export interface ImageList {
  readonly folder: string
  /** Relative to `folder`, with `/` between the parts. */
  readonly files: readonly string[]
  readonly skipped: readonly SkippedFile[]
}

/** Images with classes: `folder/class name/image`. */
export interface ImageFolder extends ImageList {
  /** Sorted by class, then by name. */
  readonly files: readonly string[]
  /** Index into `classes`, one per file. */
  readonly labels: Int32Array
  readonly classes: readonly string[]
}

/** What a caller wants to hear of. */
export interface ImageHooks {
  warn?(text: string): void
}

/** The same images without those that `keep` (a row of `files` each) leaves out; all classes stay. */
export function selectImages<T extends ImageList | ImageFolder>(images: T, keep: ArrayLike<number>): T {
  const rows = Array.from(keep)
  const files = rows.map((row) => images.files[row]!)
  if (!('labels' in images)) return { ...images, files }
  return { ...images, files, labels: Int32Array.from(rows, (row) => images.labels[row]!) }
}
