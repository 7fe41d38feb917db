import { UnsupportedOperatorError } from '../../errors.ts'
import { int } from '../builder.ts'
import type { Graph, Node, ValueInfo } from '../model.ts'
import { changed } from './nodes.ts'
import type { Step, StepContext } from './step.ts'

/**
 * `Scan` of 8 goes over the rows of a batch (axis 0) and, from the row's own initial state, along each (axis 1). From
 * 9 on it goes along one axis; so the old node becomes one that scans the batch, around one that scans a row.
 */
export const scanSteps: readonly Step[] = [
  {
    since: 9,
    rewrite(node, context) {
      const [lengths, ...inputs] = node.inputs
      if (lengths !== '') {
        throw new UnsupportedOperatorError(
          [{ operator: node.op, node: node.name }],
          'it takes the lengths of its sequences, as no opset but 8 allows: export the model in opset 9 or later',
        )
      }
      const { body, directions, ...attributes } = node.attributes
      if (body?.type !== 'graph') return [node]
      const forRow = { ...attributes, body, ...(directions === undefined ? {} : { scan_input_directions: directions }) }
      const row = rowScan({ ...node, inputs, attributes: forRow }, body.value, context)
      return [
        changed(node, {
          inputs,
          drop: ['directions'],
          set: { body: { type: 'graph', value: row }, num_scan_inputs: int(inputs.length) },
        }),
      ]
    },
  },
]

/** A graph that takes the initial states and the sequences of one row and gives them to `scan`. */
function rowScan(scan: Node, body: Graph, context: StepContext): Graph {
  const renamed = (values: readonly ValueInfo[]): ValueInfo[] =>
    values.map(({ name, type }) => ({ name: context.fresh(`${name}_row`), ...(type === undefined ? {} : { type }) }))
  const names = (values: readonly ValueInfo[]): string[] => values.map(({ name }) => name)
  const [inputs, outputs] = [renamed(body.inputs), renamed(body.outputs)]
  const nodes = [{ ...scan, inputs: names(inputs), outputs: names(outputs) }]
  return { name: `${body.name}_row`, nodes, inputs, outputs, initializers: new Map(), values: [] }
}
