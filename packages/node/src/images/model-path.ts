import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidInputError } from 'graft-learn'

const names = ['model.onnx', join('onnx', 'model.onnx')]

/**
 * The `.onnx` file that a path means: itself, or in a folder of Hugging Face's layout `model.onnx` or `onnx/model.onnx`.
 * Throws `InvalidInputError` where there is none.
 */
export async function modelFileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new InvalidInputError('no such file or folder: check the path', { file: path })
  if (!found.isDirectory()) return path
  for (const name of names) {
    const file = join(path, name)
    if ((await stat(file).catch(() => undefined))?.isFile()) return file
  }
  throw new InvalidInputError(
    `no model in this folder: expected ${names.join(' or ')}, or give the .onnx file itself`,
    {
      file: path,
    },
  )
}
