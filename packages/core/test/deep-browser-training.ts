import { unzipSync } from 'fflate'
import type { LabelledDomain } from '../src/data/index.ts'
import { adapt } from '../src/methods/index.ts'
import type { Runtime } from '../src/runtime/runtime.ts'
import { matrix } from '../src/tensor/index.ts'

/** The paths of two collections of digits from the repository's root, `.npz` files of bytes. */
export const digitFiles = {
  source: 'packages/node/data/mnist-8x8.npz',
  target: 'packages/node/data/uci-8x8.npz',
} as const

const PIXELS = 64
const INK = 16

/** The digits of a file, pixels from 0 to 1. */
export function digitsOf(name: string, npz: Uint8Array): LabelledDomain {
  const arrays = unzipSync(npz)
  const pixels = Float64Array.from(bytesOf(arrays['x.npy']!), (value) => value / INK)
  return {
    name,
    features: matrix(pixels.length / PIXELS, PIXELS, pixels),
    labels: Int32Array.from(bytesOf(arrays['y.npy']!)),
  }
}

/** The elements of an array of bytes in NumPy's format, version 1. */
function bytesOf(npy: Uint8Array): Uint8Array {
  const header = new DataView(npy.buffer, npy.byteOffset).getUint16(8, true)
  return npy.subarray(10 + header)
}

/** How one training went. */
export interface DigitsTraining {
  /** Each epoch's losses by their names. */
  readonly losses: readonly Readonly<Record<string, number>>[]
  /** The share of the target's rows that are right. */
  readonly accuracy: number
}

/** Trains LeNet on both domains, the target without its labels. */
export async function trainDigits(
  runtime: Runtime,
  method: 'dann' | 'source-only',
  { source, target }: { readonly source: LabelledDomain; readonly target: LabelledDomain },
  onEpoch?: (epoch: number) => void,
): Promise<DigitsTraining> {
  const { predicted, training } = await adapt({
    task: { kind: 'classification', classes: [...'0123456789'] },
    sources: [source],
    target: { name: target.name, features: target.features },
    scale: 'none',
    method,
    options: { epochs: 10 },
    network: { kind: 'lenet' },
    deep: { watch: false, onEpoch: ({ epoch }) => onEpoch?.(epoch) },
    runtime,
  })
  const right = predicted.filter((label, row) => label === target.labels[row]).length
  return { losses: training!.epochs.map(({ losses }) => losses), accuracy: right / predicted.length }
}
