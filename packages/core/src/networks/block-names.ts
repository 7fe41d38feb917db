import type { Node } from '../onnx/index.ts'

/** What a block is named from. */
export interface Nameable {
  readonly nodes: readonly Node[]
  readonly layers: readonly Node[]
  readonly parameters: readonly string[]
}

/** Names that exporters number instead of naming: `onnx::Conv_567`, `val_12`, `constant_3`, `/Constant_output_0`. */
const NUMBERED = /^(onnx::|val_|_?\d+$|const|p_|initializer|.*_output_\d+$)/i
const SEPARATOR = /[./:]/

/**
 * A name for each block: what the names of its parameters have in common, else those of its layers' nodes, else the
 * operator and a number (`conv3`). No two are the same.
 */
export function blockNames(blocks: readonly Nameable[]): string[] {
  const counts = new Map<string, number>()
  const taken = new Set<string>()
  return blocks.map((block) => {
    const op = (block.layers[0] ?? block.nodes[0])?.op.toLowerCase() ?? 'block'
    const count = (counts.get(op) ?? 0) + 1
    counts.set(op, count)
    const stem = stemOf(block)
    const name = stem === '' ? `${op}${count}` : /[a-z]/i.test(stem) ? stem : `${op} ${stem}`
    const unique = unlike(name, taken)
    taken.add(unique)
    return unique
  })
}

function stemOf({ layers, nodes, parameters }: Nameable): string {
  const said = parameters.filter((name) => !NUMBERED.test(name))
  if (said.length > 0) {
    const stem = commonPart(said.map((name) => name.split(SEPARATOR).slice(0, -1)))
    if (stem !== '') return stem
  }
  const named = (layers.length > 0 ? layers : nodes).map(({ name }) => name).filter((name) => name.includes('/'))
  return commonPart(named.map(pathOf))
}

/** PyTorch writes `/layer1/layer1.0/conv1/Conv`, where each part may repeat the one before it; the last is the operator. */
function pathOf(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '')
  return parts.slice(0, -1).filter((part, i, all) => !(all[i + 1] ?? '').startsWith(`${part}.`))
}

/** The parts that all begin with, joined. */
function commonPart(names: readonly (readonly string[])[]): string {
  const [first = [], ...others] = names
  const differs = first.findIndex((part, i) => others.some((other) => other[i] !== part))
  return first.slice(0, differs < 0 ? first.length : differs).join('.')
}

function unlike(name: string, taken: ReadonlySet<string>): string {
  let unique = name
  for (let i = 2; taken.has(unique); i++) unique = `${name} (${i})`
  return unique
}
