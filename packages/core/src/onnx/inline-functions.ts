import { InvalidInputError } from '../errors.ts'
import type { Attribute, Model, Node } from './model.ts'
import { functionsOf, type ModelFunction } from './model-functions.ts'
import { textOf } from './read-graph.ts'
import { renameValues } from './rename-values.ts'
import { uniqueNames } from './unique-names.ts'
import { subgraphsOf } from './upgrade/names.ts'

/**
 * The model with every call of a function that it defines replaced by the nodes of the function, as PyTorch's and other
 * exporters define them. The names of values outside of functions stay. Throws `InvalidInputError` for a function that
 * calls itself, and for one whose operator set is not the model's and one of both is below 18.
 */
export function inlineFunctions(model: Model): Model {
  const functions = functionsOf(model)
  if (functions.all.length === 0) return model
  const fresh = uniqueNames(model.graph)
  const used = new Set<ModelFunction>()
  const inlined = (node: Node, callers: readonly ModelFunction[]): Node[] => {
    const called = functions.find(node)
    if (called === undefined) return [withSubnodes(node, (inner) => inlined(inner, callers))]
    if (callers.includes(called)) throw new InvalidInputError(`the model's function "${called.name}" calls itself`)
    used.add(called)
    return bodyOf(node, called, fresh).flatMap((inner) => inlined(inner, [...callers, called]))
  }
  const nodes = model.graph.nodes.flatMap((node) => inlined(node, []))
  const opsets = [...used].reduce(withOpsets, model.opsets)
  const { functions: _, ...rest } = model.rest ?? {}
  return { ...model, opsets: withoutUnused(opsets, functions.all, nodes), graph: { ...model.graph, nodes }, rest }
}

/** A function's nodes as one call of it has them. */
function bodyOf(call: Node, called: ModelFunction, fresh: (hint: string) => string): Node[] {
  const hint = fresh(call.name === '' ? call.op : call.name)
  const names = new Map(called.inputs.map((name, i) => [name, call.inputs[i] ?? '']))
  const results = called.outputs.map((name, i) => ({ name, wanted: call.outputs[i] ?? '' }))
  for (const { name, wanted } of results) if (wanted !== '' && !names.has(name)) names.set(name, wanted)
  const nameOf = (name: string): string => {
    const found = names.get(name) ?? fresh(`${hint}/${name}`)
    names.set(name, found)
    return found
  }
  const attributes = { ...called.defaults, ...call.attributes }
  const nodes = called.nodes.map((node) => ({
    ...renameValues(withAttributes(node, attributes), nameOf),
    name: fresh(`${hint}/${node.name === '' ? node.op : node.name}`),
  }))
  const handedThrough = results.filter(({ name, wanted }) => wanted !== '' && names.get(name) !== wanted)
  const copies = handedThrough.map(({ name, wanted }) => copyOf(nameOf(name), wanted, fresh(`${hint}/Identity`)))
  return [...nodes, ...copies]
}

const copyOf = (from: string, to: string, name: string): Node => ({
  op: 'Identity',
  domain: '',
  name,
  inputs: [from],
  outputs: [to],
  attributes: {},
})

/** The node with the attributes that it takes from its function's, and without those that a call leaves open. */
function withAttributes(node: Node, given: Readonly<Record<string, Attribute>>): Node {
  const attributes = Object.entries(node.attributes).flatMap(([name, attribute]): [string, Attribute][] => {
    const reference = attribute.type === 'other' ? textOf(attribute.value.reference) : ''
    if (reference === '') return [[name, attribute]]
    const value = given[reference]
    return value === undefined ? [] : [[name, value]]
  })
  const own = { ...node, attributes: Object.fromEntries(attributes) }
  return withSubnodes(own, (inner) => [withAttributes(inner, given)])
}

/** The node with each node of its subgraphs replaced. */
function withSubnodes(node: Node, replace: (node: Node) => readonly Node[]): Node {
  if (subgraphsOf(node).length === 0) return node
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => {
    if (attribute.type !== 'graph') return [name, attribute]
    return [name, { ...attribute, value: { ...attribute.value, nodes: attribute.value.nodes.flatMap(replace) } }]
  })
  return { ...node, attributes: Object.fromEntries(attributes) }
}

/** From this version on, nodes of ONNX's own operators are taken for what they mean in all later ones. */
const STABLE = 18

/** The operator sets of a model that takes in the nodes of a function. */
function withOpsets(opsets: Readonly<Record<string, number>>, { name, opsets: own }: ModelFunction) {
  const joined = { ...opsets }
  for (const [domain, version] of Object.entries(own)) {
    const before = joined[domain] ?? version
    if (before !== version && (domain !== '' || Math.min(before, version) < STABLE)) {
      throw new InvalidInputError(
        `the model's function "${name}" is of version ${version} of the operators "${domain || 'ai.onnx'}" and the model of ${before}: export it with its functions inlined`,
      )
    }
    joined[domain] = Math.max(before, version)
  }
  return joined
}

/** The operator sets without those that functions were defined in and that no node is of. */
function withoutUnused(
  opsets: Readonly<Record<string, number>>,
  functions: readonly ModelFunction[],
  nodes: readonly Node[],
): Readonly<Record<string, number>> {
  const defined = new Set(functions.map(({ domain }) => domain))
  const domainsIn = (each: readonly Node[]): string[] =>
    each.flatMap((node) => [node.domain, ...subgraphsOf(node).flatMap((inner) => domainsIn(inner.nodes))])
  const used = new Set(domainsIn(nodes))
  return Object.fromEntries(Object.entries(opsets).filter(([domain]) => used.has(domain) || !defined.has(domain)))
}
