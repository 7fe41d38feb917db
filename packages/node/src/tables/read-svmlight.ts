import { InvalidInputError, type SparseMatrix } from 'graft-learn'
import { classNames, numberName } from './labels.ts'
import { parseSvmlightLine, type SvmlightRow } from './svmlight-line.ts'
import { featureNames, type TableReader } from './table.ts'
import { textLines } from './text-chunks.ts'

/**
 * Reads an svmlight (libsvm) file and keeps it sparse. Features are numbered from 1, or from 0 where an index 0 occurs
 * or `firstIndex` says so; pairs may stand in any order; pairs of value 0 are not kept.
 */
export const readSvmlight: TableReader = async (file, options) => {
  const labels: (string | null)[] = []
  const starts: number[] = [0]
  const indices: number[] = []
  const values: number[] = []
  let least = Number.POSITIVE_INFINITY
  let greatest = -1
  for await (const { line, text } of textLines(file)) {
    const parsed: SvmlightRow | null = parseSvmlightLine({ file, row: labels.length + 1, line }, text)
    if (parsed === null) continue
    labels.push(parsed.label)
    for (const [index, value] of parsed.pairs) {
      if (index < least) least = index
      if (index > greatest) greatest = index
      if (value === 0) continue
      indices.push(index)
      values.push(value)
    }
    starts.push(indices.length)
  }
  if (labels.length === 0)
    throw new InvalidInputError('it has no rows: expected a label and index:value pairs', { file })
  const firstIndex = options.firstIndex ?? (least === 0 ? 0 : 1)
  if (firstIndex > least) {
    throw new InvalidInputError('it has a feature of index 0, expected features numbered from 1', { file })
  }
  const columns = Math.max(greatest + 1 - firstIndex, options.features ?? 0)
  if (columns === 0) throw new InvalidInputError('no row has a feature: expected index:value pairs', { file })
  const features: SparseMatrix = {
    rows: labels.length,
    columns,
    starts: Int32Array.from(starts),
    indices: Int32Array.from(indices, (index) => index - firstIndex),
    values: Float64Array.from(values),
  }
  const named = classNames(labels.map((label) => label && (/^[\d.+-]/.test(label) ? numberNameOrText(label) : label)))
  return {
    file,
    columns: featureNames(columns),
    named: false,
    features,
    labels: labels.some((label) => label !== null) ? named : null,
    dropped: [],
    firstIndex,
  }
}

const numberNameOrText = (label: string): string => (Number.isNaN(Number(label)) ? label : (numberName(label) ?? ''))
