import type { Interpretation, Model, Node } from 'graft-learn'

/** Multiplications of all nodes that depend on any of some values: what the interpreter's time is roughly in proportion to. */
export function workAfter({ graph }: Model, { values }: Interpretation, names: Iterable<string>): number {
  const affected = new Set(names)
  let work = 0
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => affected.has(input))) continue
    for (const output of node.outputs) affected.add(output)
    work += nodeWork(node, (value) => values.get(value ?? ''))
  }
  return work
}

/** What an element that is only moved or mapped costs the interpreter, in multiplications of a product. */
const PER_ELEMENT = 20

type Find = (name: string | undefined) => { readonly dims: readonly number[]; readonly data: Float64Array } | undefined

function nodeWork({ op, inputs, outputs, attributes }: Node, find: Find): number {
  const [a, b] = [find(inputs[0]), find(inputs[1])]
  const given = outputs.reduce((sum, name) => sum + (find(name)?.data.length ?? 0), 0)
  const perFilter = b === undefined ? 0 : b.data.length / (b.dims[0] || 1)
  const { transA } = attributes
  switch (op) {
    case 'Conv':
      return given * (perFilter + PER_ELEMENT)
    case 'ConvTranspose':
      return (a?.data.length ?? 0) * perFilter + given * PER_ELEMENT
    case 'MatMul':
      return given * ((a?.dims.at(-1) ?? 1) + PER_ELEMENT)
    case 'Gemm':
      return given * ((a?.dims[transA?.type === 'int' && Number(transA.value) === 1 ? 0 : 1] ?? 1) + PER_ELEMENT)
    default:
      return Math.max(given, a?.data.length ?? 0) * PER_ELEMENT
  }
}
