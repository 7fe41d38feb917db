import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { type ExternalData, InvalidInputError, type Model, readModel } from 'graft-learn'

/** An ONNX file: its bytes as they are, and what is in them. */
export interface ModelFile {
  readonly file: string
  readonly bytes: Uint8Array
  readonly model: Model
}

/** Reads an ONNX file, or `model.onnx` of a folder. Throws `InvalidInputError` where it is absent or not ONNX. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const found = statSync(path, { throwIfNoEntry: false })
  const file = found?.isDirectory() ? join(path, 'model.onnx') : path
  if (found === undefined || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new InvalidInputError('no such model: give an .onnx file, or a folder that "graft adapt" wrote', { file })
  }
  const bytes = await readFile(file)
  try {
    return { file, bytes, model: readModel(bytes, externalData(dirname(file))) }
  } catch (error) {
    if (error instanceof InvalidInputError) throw new InvalidInputError(error.message, { file, ...error.location })
    throw new InvalidInputError(`not an ONNX model, or a damaged one (${String(error)})`, { file })
  }
}

/** Reads tensors that a model keeps in files beside it; a location outside its folder is refused. */
function externalData(folder: string): ExternalData {
  return (location, offset, length) => {
    const relative = normalize(location)
    if (isAbsolute(relative) || relative.startsWith('..')) {
      throw new InvalidInputError(`its data are said to be in "${location}", which is not in the model's own folder`)
    }
    const file = join(folder, relative)
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined) throw new InvalidInputError(`its data are in "${location}", which is missing beside it`)
    const bytes = new Uint8Array(length ?? found.size - offset)
    const handle = openSync(file, 'r')
    try {
      readSync(handle, bytes, 0, bytes.length, offset)
    } finally {
      closeSync(handle)
    }
    return bytes
  }
}
