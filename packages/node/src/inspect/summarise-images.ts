import type { ImageFolder } from '../images/image-folder.ts'
import { readImageFolder } from '../images/read-image-folder.ts'

/** What a folder of images holds. */
export interface ImageSummary {
  readonly file: string
  readonly kind: 'images'
  readonly images: number
  readonly classes: readonly { readonly name: string; readonly images: number }[]
  /** Files that are left out, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly files: number }[]
}

/** Counts the images of a folder by class, without opening them. Throws `InvalidInputError` where it has no classes. */
export async function summariseImages(folder: string): Promise<ImageSummary> {
  const { files, labels, classes, skipped } = await readImageFolder(folder)
  const counts = new Int32Array(classes.length)
  for (const label of labels) counts[label] = counts[label]! + 1
  return {
    file: folder,
    kind: 'images',
    images: files.length,
    classes: classes.map((name, i) => ({ name, images: counts[i]! })),
    skipped: byReason(skipped),
  }
}

function byReason(skipped: ImageFolder['skipped']): { reason: string; files: number }[] {
  const counts = new Map<string, number>()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, files]) => ({ reason, files }))
}
