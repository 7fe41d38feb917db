import type { ModelSummary } from 'graft-learn'
import { oneLine } from '../cli/text-table.ts'
import type { NetworkInspection } from './inspect-network.ts'
import { networkText } from './network-text.ts'
import type { ImageSummary } from './summarise-images.ts'
import type { TableSummary } from './summarise-table.ts'

/** How many names a line lists at most. */
const LISTED = 12
/** How many characters of a metadata value are shown. */
const SHOWN = 100

/** A data file's summary for people. */
export function tableText(summary: TableSummary): string {
  const { classes, range, constantFeatures } = summary
  const labels =
    classes === null
      ? 'none'
      : listed(classes.map(({ name, rows }) => `${name}: ${rows}`)) +
        (summary.unlabelled > 0 ? `; ${summary.unlabelled} rows without a label` : '')
  return lines([
    ['File', summary.file],
    ['Rows', `${summary.rows}`],
    ['Features', `${summary.features}${summary.columns === null ? ' (not named)' : `: ${listed(summary.columns)}`}`],
    ['Classes', classes === null ? labels : `${classes.length} (${labels})`],
    ['Values', range === null ? 'none' : `${figure(range[0])} to ${figure(range[1])}`],
    ['Non-zero', `${(100 * summary.density).toFixed(1)}%${summary.sparse ? ' (sparse file)' : ''}`],
    [
      'Constant',
      constantFeatures.length === 0 ? 'no feature' : `${constantFeatures.length}: ${listed(constantFeatures)}`,
    ],
  ])
}

/** An image folder's summary for people. */
export function imagesText({ file, images, classes, skipped }: ImageSummary): string {
  return lines([
    ['Folder', file],
    ['Images', `${images}`],
    ['Classes', `${classes.length} (${listed(classes.map((each) => `${each.name}: ${each.images}`))})`],
    ...skipped.map(({ reason, files }): [string, string] => ['Left out', `${files}: ${reason}`]),
  ])
}

/** A model's summary for people. */
export function modelText(file: string, summary: ModelSummary & NetworkInspection): string {
  const { producer, parameters } = summary
  const value = ({ name, type, dims }: ModelSummary['inputs'][number]): string =>
    `${name}: ${type ?? 'no tensor'} [${dims?.map((dim) => dim ?? '?').join(', ') ?? '?'}]`
  const versions = Object.entries(summary.opsets).map(
    ([domain, version]) => `${domain === '' ? 'ai.onnx' : domain} ${version}`,
  )
  const whole = lines([
    ['File', file],
    ['Inputs', summary.inputs.map(value).join('; ')],
    ['Outputs', summary.outputs.map(value).join('; ')],
    ['Parameters', `${parameters.elements.toLocaleString('en')} in ${parameters.tensors} tensors`],
    [
      'Operators',
      listed(
        Object.entries(summary.operators).map(([name, count]) => `${count} × ${name}`),
        40,
      ),
    ],
    ['Opset', `${versions.join(', ')} (IR version ${summary.irVersion})`],
    ['Made by', [producer.name, producer.version].filter((part) => part !== '').join(' ') || 'not said'],
    ...Object.entries(summary.metadata).map(([key, text]): [string, string] => [key, shortened(text)]),
  ])
  return [whole, networkText(summary)].filter((part) => part !== '').join('\n\n')
}

function lines(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([key]) => key.length))
  return pairs.map(([key, value]) => `${key.padEnd(width)}  ${oneLine(value)}`).join('\n')
}

const listed = (names: readonly string[], most = LISTED): string =>
  names.slice(0, most).join(', ') + (names.length > most ? `, … (${names.length} in all)` : '')

const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)

const figure = (value: number): string => `${Number(value.toPrecision(6))}`
