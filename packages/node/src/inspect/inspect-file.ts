import { type ModelSummary, summariseModel } from 'graft-learn'
import { findModelFile, readModelFile } from '../saved-model/model-file.ts'
import { columnOptions, readTable } from '../tables/index.ts'
import { inspectNetwork, type NetworkInspection } from './inspect-network.ts'
import { summariseTable, type TableSummary } from './summarise-table.ts'

export type ModelInspection = ModelSummary & NetworkInspection & { readonly file: string; readonly kind: 'model' }

export type Inspection = TableSummary | ModelInspection

/** Looks into a file: an ONNX model (or a folder that holds one), else a data file. Throws `InvalidInputError`. */
export async function inspectFile(
  file: string,
  options: { readonly label?: string; readonly drop?: readonly string[] },
): Promise<Inspection> {
  if (file.toLowerCase().endsWith('.onnx') || isModelFolder(file)) {
    const found = await readModelFile(file)
    return { file: found.file, kind: 'model', ...summariseModel(found.model), ...(await inspectNetwork(found.model)) }
  }
  return summariseTable(await readTable(file, columnOptions(options)))
}

const isModelFolder = (path: string): boolean => ![undefined, path].includes(findModelFile(path))
