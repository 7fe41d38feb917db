import type { Block } from 'graft-learn'
import { oneLine, textTable } from '../cli/text-table.ts'
import type { NetworkInspection, NetworkSummary } from './inspect-network.ts'

/** How many operators of a layer are listed. */
const OPERATORS = 4

/** Where a model can be cut, for people; empty where it has no layers. */
export function networkText({ network, networkFault }: NetworkInspection): string {
  if (network === null) return `Layers: none can be told (${oneLine(networkFault ?? 'it cannot be run')})`
  const { layers, head, features, dims } = network
  if (layers.length + head.length === 0) return ''
  return [
    `Layers, where the network can be cut; a new head goes on "${oneLine(features)}" (${sizes(dims)} per row)`,
    '',
    textTable(rowsOf(network), [
      { title: 'REUSE', align: 'right', cell: ({ reuse }) => reuse },
      { title: 'LAYER', cell: ({ block }) => block.name },
      { title: 'OPERATORS', cell: ({ block }) => operators(block) },
      { title: 'PARAMETERS', align: 'right', cell: ({ block }) => number(block.parameterCount) },
      { title: 'OUTPUT', cell: ({ block }) => sizes(block.dims) },
      { title: 'VALUE', cell: ({ block, note }) => `${block.output}${note}` },
    ]),
    '',
    `${number(network.parameterCount)} parameters, ${number(network.featureParameters)} of them up to the features`,
  ].join('\n')
}

interface Row {
  /** How many layers are kept where the network is cut after this one; nothing for those that a new head replaces. */
  readonly reuse: string
  readonly block: Block
  readonly note: string
}

const rowsOf = ({ layers, head, features }: NetworkSummary): Row[] => [
  ...layers.map((block, i) => ({
    reuse: `${i + 1}`,
    block,
    note: block.output === features ? '  <- features' : '',
  })),
  ...head.map((block) => ({ reuse: '', block, note: '  (old head)' })),
]

const operators = ({ operators: all }: Block): string =>
  all.slice(0, OPERATORS).join(', ') + (all.length > OPERATORS ? `, … (${all.length})` : '')

const sizes = (dims: readonly number[]): string => dims.join(' × ') || '1'

const number = (value: number): string => value.toLocaleString('en')
