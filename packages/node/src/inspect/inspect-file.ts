import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ModelSummary, summariseModel } from 'graft-learn'
import { readModelFile } from '../saved-model/model-file.ts'
import { columnOptions, readTable } from '../tables/index.ts'
import { summariseTable, type TableSummary } from './summarise-table.ts'

export type Inspection = TableSummary | (ModelSummary & { readonly file: string; readonly kind: 'model' })

/** Looks into a file: an ONNX model (or a folder with `model.onnx`), else a data file. Throws `InvalidInputError`. */
export async function inspectFile(
  file: string,
  options: { readonly label?: string; readonly drop?: readonly string[] },
): Promise<Inspection> {
  if (file.toLowerCase().endsWith('.onnx') || existsSync(join(file, 'model.onnx'))) {
    const found = await readModelFile(file)
    return { file: found.file, kind: 'model', ...summariseModel(found.model) }
  }
  return summariseTable(await readTable(file, columnOptions(options)))
}
