import { InvalidInputError, type Model, type Runtime } from 'graft-learn'
import { batchDims, imageInputOf, type Preprocessing, pixelCount, pixelWriter } from '../images/index.ts'

/** One row of a network's output. */
export interface ComputedRow {
  readonly row: number
  readonly hash: string
  /** Shared with the other rows of the batch. */
  readonly values: Float32Array
  /** Of one row. */
  readonly dims: readonly number[]
}

/** Gathers images to batches and runs a network on them. */
export interface BatchRunner {
  take(row: number, hash: string, pixels: Uint8Array): void
  /** The rows of a full batch; with `last`, of what is there. */
  run(last: boolean): AsyncIterable<ComputedRow>
}

/** Images of one run. More do not make a network faster, and their values leave the processor's cache: 8 images of 224 × 224 are 4.8 MB. */
const BATCH = 8

/** Runs `base`, whose one input takes images; a batch size that is fixed in the model is kept to. */
export function batchRunner(
  runtime: Runtime,
  base: Model,
  preprocessing: Preprocessing,
  output = base.graph.outputs[0]?.name ?? '',
): BatchRunner {
  const { name } = imageInputOf(base)
  const fixed = base.graph.inputs.find((input) => input.name === name)?.dims?.[0]
  const size = typeof fixed === 'number' && fixed > 0 ? fixed : BATCH
  const write = pixelWriter(preprocessing)
  const count = pixelCount(preprocessing)
  let waiting: { row: number; hash: string; pixels: Uint8Array }[] = []
  return {
    take: (row, hash, pixels) => void waiting.push({ row, hash, pixels }),
    async *run(last) {
      if (waiting.length === 0 || (waiting.length < size && !last)) return
      const batch = waiting
      waiting = []
      // A batch of a fixed size is filled up with zeros.
      const images = typeof fixed === 'number' ? size : batch.length
      const data = new Float32Array(images * count)
      batch.forEach(({ pixels }, i) => {
        write(pixels, data, i * count)
      })
      const outputs = await runtime.run(base, {
        [name]: { type: 'float32', dims: batchDims(preprocessing, images), data },
      })
      const found = outputs[output]
      if (found === undefined) {
        const names = Object.keys(outputs).map((known) => `"${known}"`)
        throw new InvalidInputError(`the network has no output "${output}": choose one of ${names.join(', ')}`)
      }
      if (found.type !== 'float32' || found.dims[0] !== images) {
        throw new InvalidInputError(
          `output "${output}" is ${found.type} [${found.dims.join(', ')}] for ${images} images: expected float32 with a row for each; choose another output`,
        )
      }
      const width = found.data.length / images
      for (const [i, { row, hash }] of batch.entries()) {
        const values = (found.data as Float32Array).subarray(i * width, (i + 1) * width)
        yield { row, hash, values, dims: found.dims.slice(1) }
      }
    },
  }
}
