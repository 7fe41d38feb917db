import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Dimension, Model } from '../src/onnx/index.ts'
import type { Tensors } from '../src/runtime/index.ts'
import { seededRandom, sizeOf, type Tensor } from '../src/tensor/index.ts'

/** The folder of data that tests read and the repository does not hold: `GRAFT_DATA`, else beside the repository. */
const folder = process.env.GRAFT_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))

/** The networks in that folder, by path; none where it is missing. */
export const sharedModels: readonly string[] = ['backbones', 'gradients'].flatMap((part) => {
  const models = join(folder, part)
  return existsSync(models)
    ? readdirSync(models)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(models, name))
    : []
})

/** Why tests that need them are left out; undefined where they are there. */
export const noSharedModels =
  sharedModels.length > 0 ? undefined : `no networks in ${folder}: set GRAFT_DATA to the folder that holds them`

/** Random inputs for a network: two rows where the size of the batch varies, normal numbers, small whole ones. */
export function randomInputs(model: Model): Tensors {
  const random = seededRandom(3)
  const size = (dim: Dimension): number => (typeof dim === 'number' ? dim : 2)
  const { inputs, initializers } = model.graph
  return Object.fromEntries(
    inputs
      .filter((input) => !initializers.has(input.name))
      .map((input): [string, Tensor] => {
        const dims = input.dims!.map(size)
        const length = sizeOf(dims)
        if (input.type === 'int64') {
          return [
            input.name,
            { type: 'int64', dims, data: BigInt64Array.from({ length }, () => BigInt(random.integer(10))) },
          ]
        }
        return [input.name, { type: 'float32', dims, data: Float32Array.from({ length }, random.normal) }]
      }),
  )
}
