import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidInputError } from 'graft-learn'
import { type ConfiguredPreprocessing, readProcessorConfig } from './processor-config.ts'
import { readTimmConfig } from './timm-config.ts'

/** A configuration and the file that it stands in. */
export interface FoundConfig {
  readonly file: string
  readonly values: ConfiguredPreprocessing
}

/**
 * Looks for a model's preprocessing beside its file: `preprocessor_config.json`, or timm's `config.json`, in the same
 * folder, and, for `FOLDER/onnx/model.onnx`, in the folder above. Undefined where there is none.
 */
export async function findConfig(modelFile: string, warn?: (text: string) => void): Promise<FoundConfig | undefined> {
  const folder = dirname(modelFile)
  const folders = basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder]
  for (const place of folders) {
    const file = join(place, 'preprocessor_config.json')
    const value = await readJson(file)
    if (value !== undefined) return { file, values: readProcessorConfig(value, file, warn) }
  }
  for (const place of folders) {
    const file = join(place, 'config.json')
    // Any program may have a config.json: one that is no JSON is not a model's.
    const values = readTimmConfig(await readJson(file).catch(() => undefined))
    if (values !== undefined) return { file, values }
  }
  return undefined
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new InvalidInputError(`it cannot be read (${error.message}): change its permissions`, { file })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new InvalidInputError('it is no JSON: correct or remove it', { file })
  }
}
