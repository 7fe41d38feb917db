import { statSync } from 'node:fs'
import { type ModelSummary, summariseModel } from 'graft-learn'
import { findModelFile, readModelFile } from '../saved-model/model-file.ts'
import { columnOptions, readTable } from '../tables/index.ts'
import { inspectNetwork, type NetworkInspection } from './inspect-network.ts'
import { type ImageSummary, summariseImages } from './summarise-images.ts'
import { summariseTable, type TableSummary } from './summarise-table.ts'

export type ModelInspection = ModelSummary & NetworkInspection & { readonly file: string; readonly kind: 'model' }

export type Inspection = TableSummary | ImageSummary | ModelInspection

/**
 * Looks into an ONNX model or a folder that holds one, into any other folder as one of images, and into anything else as a
 * data file. Throws `InvalidInputError`.
 */
export async function inspectFile(
  file: string,
  options: { readonly label?: string; readonly drop?: readonly string[] },
): Promise<Inspection> {
  if (file.toLowerCase().endsWith('.onnx') || isModelFolder(file)) {
    const found = await readModelFile(file)
    return { file: found.file, kind: 'model', ...summariseModel(found.model), ...(await inspectNetwork(found.model)) }
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return summariseImages(file)
  return summariseTable(await readTable(file, columnOptions(options)))
}

const isModelFolder = (path: string): boolean => ![undefined, path].includes(findModelFile(path))
