import { InvalidInputError, type NetworkChoice, openBatch, type Runtime } from 'graft-learn'
import { readModelFile } from '../saved-model/model-file.ts'
import { isUntrained, notTrained } from './backbone.ts'

/** The network that methods train on the rows of tables: `lenet`, `mlp` or a pretrained one. Throws `InvalidInputError`. */
export async function tableNetwork(
  runtime: Runtime,
  path: string,
  networks: 'all' | 'some' | 'none',
): Promise<NetworkChoice> {
  if (isUntrained(path)) {
    if (networks === 'none') throw notTrained(path)
    return { kind: path }
  }
  if (networks !== 'all') {
    throw new InvalidInputError(
      `--backbone ${path}: no file of this call is a folder of images, and some method trains no network; leave --backbone out, or give FOLDER/class name/image.jpg`,
    )
  }
  const { model } = await readModelFile(path)
  const { input } = await openBatch(runtime, model, {})
  return { kind: 'pretrained', model, dims: input.dims }
}
