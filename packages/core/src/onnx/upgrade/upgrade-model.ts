import { InvalidInputError } from '../../errors.ts'
import { inlineFunctions } from '../inline-functions.ts'
import type { Attribute, Graph, Model, Node } from '../model.ts'
import { type Names, namesOf, subgraphsOf } from './names.ts'
import { openScope, type Scope } from './scope.ts'
import type { StepContext } from './step.ts'
import { steps } from './steps.ts'

const OLDEST = 7
/** The first operator set that has all that steps write. */
const FIRST_TARGET = 15
const LAST_TARGET = 18

/** What stays the same all through a model. */
interface Upgrade {
  readonly from: number
  readonly to: number
  readonly irVersion: number
  readonly names: Names
}

/**
 * Brings ONNX's own operators, in a model of operator set 7 to 17, into the form of operator set `opset` (15 to 18),
 * with the same meaning: what computes an output may become several nodes, names of inputs and outputs stay. Calls of
 * functions that the model defines become the functions' nodes. A model of `opset` or later that has no functions is
 * returned as it is. Throws `InvalidInputError` for older models, for functions in another operator set and for other
 * values of `opset`, and `UnsupportedOperatorError` for what the newer set cannot say.
 */
export function upgradeModel(given: Model, opset = LAST_TARGET): Model {
  const model = inlineFunctions(given)
  const from = versionOf(model)
  if (from === undefined || from >= opset) return model
  check(from, opset)
  const irVersion = Math.max(model.irVersion, 8)
  const { 'ai.onnx': _, ...opsets } = model.opsets
  const upgrade = { from, to: opset, irVersion: model.irVersion, names: namesOf(model.graph) }
  return { ...model, irVersion, opsets: { ...opsets, '': opset }, graph: upgradeGraph(model.graph, upgrade) }
}

const isOwn = (domain: string): boolean => domain === '' || domain === 'ai.onnx'

/** The version of ONNX's own operators; undefined where the model neither names one nor needs it. */
function versionOf({ opsets, graph }: Model): number | undefined {
  const version = opsets[''] ?? opsets['ai.onnx']
  const uses = ({ nodes }: Graph): boolean => nodes.some((node) => isOwn(node.domain) || subgraphsOf(node).some(uses))
  if (version === undefined && uses(graph)) {
    throw new InvalidInputError(
      'the model does not say which opset its operators are of: export it again, or set its opset import',
    )
  }
  return version
}

function check(from: number, to: number): void {
  if (!(to >= FIRST_TARGET && to <= LAST_TARGET && Number.isInteger(to))) {
    throw new InvalidInputError(`a model is upgraded to opset ${FIRST_TARGET} to ${LAST_TARGET}, got ${to}`)
  }
  if (from < OLDEST) {
    throw new InvalidInputError(
      `the model is of opset ${from} and ${OLDEST} is the oldest that can be upgraded: export it again with a later opset`,
    )
  }
}

function upgradeGraph(graph: Graph, upgrade: Upgrade, outer?: Scope): Graph {
  const { taken, read } = upgrade.names
  const known = openScope(graph, upgrade.irVersion, outer)
  const initializers = new Map(graph.initializers)
  const fresh = (hint: string): string => {
    let name = hint
    for (let i = 1; taken.has(name); i++) name = `${hint}_${i}`
    taken.add(name)
    return name
  }
  const context: StepContext = {
    known,
    isRead: (name) => read.has(name),
    fresh,
    constant(hint, value) {
      const name = fresh(hint)
      initializers.set(name, value)
      return name
    },
  }
  const nodes = graph.nodes.flatMap((node) => {
    const own = upgradeSubgraphs(node.domain === 'ai.onnx' ? { ...node, domain: '' } : node, upgrade, known)
    known.learn(own)
    return upgradeNode(own, upgrade.from, upgrade.to, context)
  })
  return { ...graph, nodes, initializers }
}

function upgradeSubgraphs(node: Node, upgrade: Upgrade, known: Scope): Node {
  if (subgraphsOf(node).length === 0) return node
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.type === 'graph' ? { ...attribute, value: upgradeGraph(attribute.value, upgrade, known) } : attribute,
  ])
  return { ...node, attributes: Object.fromEntries(attributes) }
}

/** Takes the first step that the node needs, and then the further ones that its results need. */
function upgradeNode(node: Node, from: number, to: number, context: StepContext): readonly Node[] {
  const step = node.domain === '' ? steps[node.op]?.find(({ since }) => since > from && since <= to) : undefined
  if (step === undefined) return [node]
  return step.rewrite(node, context).flatMap((each) => upgradeNode(each, step.since, to, context))
}
