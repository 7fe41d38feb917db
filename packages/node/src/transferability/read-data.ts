import { InvalidInputError, type LayerTransferData, type Tensor, toDense } from 'graft-learn'
import { classesOf, encodeLabels } from '../adapt/label-space.ts'
import { imageBatches, imageLayout, type Preprocessing, readImageFolder } from '../images/index.ts'
import { columnOptions, readTable } from '../tables/index.ts'
import type { TransferabilityCall, TransferabilityWatch } from './call.ts'
import { perColumn, standardised } from './standardise.ts'

/** Labelled rows, prepared for a network. */
export interface ReadRows extends Omit<LayerTransferData, 'classes'> {
  readonly file: string
  readonly classes: readonly string[]
  readonly image: { readonly channels: number; readonly size: number } | null
}

/** What images of a folder are brought to unless the call says. */
const SIZE = 32

/**
 * Reads the rows of a table, or the images of a folder by class. Images get mean 0 and variance 1 over all their pixels,
 * other rows column by column. Throws `InvalidInputError` where the network cannot take them.
 */
export async function readRows(
  call: TransferabilityCall & { readonly data: string },
  watch: TransferabilityWatch,
): Promise<ReadRows> {
  const found = (await imageLayout(call.data)) === null ? await fromTable(call, watch) : await fromFolder(call, watch)
  if (found.classes.length >= 4) return found
  throw new InvalidInputError(
    `its rows have ${found.classes.length} classes, and two tasks of two classes each need four`,
    { file: call.data },
  )
}

async function fromTable(
  call: TransferabilityCall & { readonly data: string },
  { warn }: TransferabilityWatch,
): Promise<ReadRows> {
  const file = call.data
  if (call.size !== undefined || call.channels === 'bgr') {
    throw new InvalidInputError(
      '--size and --channels are for folders of images, and this is a table: leave them out',
      {
        file,
      },
    )
  }
  const table = await readTable(file, { ...columnOptions(call), labelRequired: true })
  const labels = table.labels ?? []
  const unlabelled = labels.filter((label) => label === null).length
  if (table.labels === null || unlabelled === labels.length) {
    throw new InvalidInputError('no row has a label: the experiment needs classes', { file })
  }
  if (unlabelled > 0) warn(`${file}: ${unlabelled} of its rows have no label, and are left out`)
  const { rows, columns, data } = toDense(table.features)
  const values = Float32Array.from(data)
  const image = imageOf(columns, call.channels)
  const classes = classesOf(labels)
  const rest = { file, labels: encodeLabels(labels, classes), classes }
  const flat: Tensor = { type: 'float32', dims: [rows, columns], data: values }
  if (call.network === 'mlp') {
    return { ...rest, image, inputs: image === null ? perColumn(flat) : standardised(flat) }
  }
  if (image === null) {
    throw new InvalidInputError(
      `its rows have ${columns} features, which are the pixels of no square image: give square ones, or use --network mlp`,
      { file },
    )
  }
  return { ...rest, image, inputs: standardised({ ...flat, dims: [rows, image.channels, image.size, image.size] }) }
}

/** A row of so many pixels as a square image, its channels one after the other. */
function imageOf(columns: number, channels: TransferabilityCall['channels']): ReadRows['image'] {
  const grey = Math.sqrt(columns)
  const colour = Math.sqrt(columns / 3)
  if (channels !== 'rgb' && Number.isInteger(grey)) return { channels: 1, size: grey }
  return channels !== 'grey' && Number.isInteger(colour) ? { channels: 3, size: colour } : null
}

async function fromFolder(
  call: TransferabilityCall & { readonly data: string },
  watch: TransferabilityWatch,
): Promise<ReadRows> {
  const images = await readImageFolder(call.data, watch)
  const size = call.size ?? SIZE
  const { channels = 'rgb' } = call
  const preprocessing: Preprocessing = {
    width: size,
    height: size,
    resize: 'crop',
    cropShare: 1,
    channels,
    scale: 1 / 255,
    mean: [0],
    std: [1],
    layout: 'nchw',
    interpolation: 'bilinear',
  }
  const depth = channels === 'grey' ? 1 : 3
  const width = depth * size * size
  const data = new Float32Array(images.files.length * width)
  const kept: number[] = []
  let unusable = 0
  for await (const { rows, tensor, skipped } of imageBatches(images, preprocessing)) {
    data.set(tensor.data as Float32Array, kept.length * width)
    kept.push(...rows)
    unusable += skipped.length
    watch.progress('images', kept.length + unusable, images.files.length)
  }
  if (unusable > 0) watch.warn(`${call.data}: ${unusable} images cannot be used, and are left out`)
  const labels = Int32Array.from(kept, (row) => images.labels[row]!)
  const dims = call.network === 'mlp' ? [kept.length, width] : [kept.length, depth, size, size]
  const inputs = standardised({ type: 'float32', dims, data: data.slice(0, kept.length * width) })
  return { file: call.data, inputs, labels, classes: images.classes, image: { channels: depth, size } }
}
