import type { Node } from '../onnx/index.ts'

/** What a block is named from. */
export interface Nameable {
  readonly nodes: readonly Node[]
  readonly layers: readonly Node[]
  /** Of its layers alone. */
  readonly weights: readonly string[]
  /** All: norms and biases that stand beside layers too. */
  readonly parameters: readonly string[]
}

/** Names that exporters number instead of naming: `onnx::Conv_567`, `val_12`, `constant_3`, `/Constant_output_0`. */
const NUMBERED = /^(onnx::|val_|_?\d+$|const|p_|initializer|.*_output_\d+$)/i
/** Where names have joints; underscores are joints too where nothing else tells. */
const JOINTS = [/[./:]/, /[./:_]/]

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

function stemOf({ layers, nodes, weights, parameters }: Nameable): string {
  const named = (layers.length > 0 ? layers : nodes).map(({ name }) => name).filter((name) => name.includes('/'))
  const fromNodes = () => commonPart(named.map(pathOf), named[0]?.startsWith('/') ? /[.]/ : /[/]/)
  const from = (names: readonly string[]) => () => {
    const said = names.filter((name) => !NUMBERED.test(name))
    return JOINTS.map((joint) => commonPart(said, joint)).find((stem) => stem !== '') ?? ''
  }
  const whole = weights.every((name) => !NUMBERED.test(name))
  const order = whole ? [from(weights), fromNodes] : [fromNodes, from(weights)]
  return [...order, from(parameters)].map((stem) => stem()).find((stem) => stem !== '') ?? ''
}

/** PyTorch writes `/layer1/layer1.0/conv1/Conv`, where each part may repeat the one before it; the last is the operator. */
const pathOf = (name: string): string =>
  name
    .split('/')
    .filter((part, i, all) => part !== '' && !(all[i + 1] ?? '').startsWith(`${part}.`))
    .join(name.startsWith('/') ? '.' : '/')

/** What all names begin with, up to a joint and without their last parts. */
function commonPart(names: readonly string[], joint: RegExp): string {
  const [first = [], ...others] = names.map((name) => name.split(joint).slice(0, -1))
  const differs = first.findIndex((part, i) => others.some((other) => other[i] !== part))
  const parts = differs < 0 ? first.length : differs
  return parts === 0 ? '' : joined(names[0]!, first.slice(0, parts))
}

/** The beginning of a name that has these parts, as it is written there. */
const joined = (name: string, parts: readonly string[]): string =>
  name.slice(
    0,
    parts.reduce((length, part) => length + part.length, parts.length - 1),
  )

function unlike(name: string, taken: ReadonlySet<string>): string {
  let unique = name
  for (let i = 2; taken.has(unique); i++) unique = `${name} (${i})`
  return unique
}
