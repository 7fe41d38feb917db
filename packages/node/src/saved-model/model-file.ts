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

/** Where a folder keeps its model: as Graft and many others write it, or as Hugging Face's exports do. */
const INSIDE = ['model.onnx', join('onnx', 'model.onnx')]

/** The ONNX file that a path means: itself, or the one in a folder; undefined where there is none. */
export function findModelFile(path: string): string | undefined {
  const isFile = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() === true
  const places = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? INSIDE.map((name) => join(path, name))
    : [path]
  return places.find(isFile)
}

/**
 * Reads an ONNX file, or that of a folder: `model.onnx`, or `onnx/model.onnx` as in the layout of Hugging Face. Throws
 * `InvalidInputError` where it is absent or not ONNX.
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const file = findModelFile(path)
  if (file === undefined) {
    throw new InvalidInputError(
      'no such model: give an .onnx file, or a folder that holds model.onnx or onnx/model.onnx',
      { file: path },
    )
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
