import { readAttribute } from './attribute.ts'
import { messagesOf, stringsOf } from './message.ts'
import type { Attribute, Model, Node } from './model.ts'
import { domainOf, readGraph, readNode, textOf } from './read-graph.ts'

/** A function that a model defines, which its nodes call as if it were an operator. */
export interface ModelFunction {
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly Node[]
  /** What its attributes are where a call does not give them. */
  readonly defaults: Readonly<Record<string, Attribute>>
  /** The operator sets of its nodes. */
  readonly opsets: Readonly<Record<string, number>>
}

/** The functions of a model, as `find` gives them for a node. */
export interface ModelFunctions {
  readonly all: readonly ModelFunction[]
  /** The function that a node calls. */
  find(node: Node): ModelFunction | undefined
}

/** Reads the functions that a model came with. */
export function functionsOf({ rest }: Model): ModelFunctions {
  const byKey = new Map(
    messagesOf(rest?.functions).map((message) => {
      const { name, domain, overload, input, output, node, attributeProto, opsetImport } = message
      const attributes = messagesOf(attributeProto).map((attribute): [string, Attribute] => [
        textOf(attribute.name),
        readAttribute(attribute, (graph) => readGraph(graph)),
      ])
      const versions = messagesOf(opsetImport).map((set) => [domainOf(set.domain), Number(set.version ?? 1)])
      const each: ModelFunction = {
        domain: domainOf(domain),
        name: textOf(name),
        inputs: stringsOf(input),
        outputs: stringsOf(output),
        nodes: messagesOf(node).map((inner) => readNode(inner)),
        defaults: Object.fromEntries(attributes),
        opsets: Object.fromEntries(versions),
      }
      return [keyOf(each.domain, each.name, overload), each]
    }),
  )
  return {
    all: [...byKey.values()],
    find: ({ domain, op, rest: more }) => byKey.get(keyOf(domain, op, more?.overload)),
  }
}

const keyOf = (domain: string, name: string, overload: unknown): string =>
  JSON.stringify([domain, name, textOf(overload)])
