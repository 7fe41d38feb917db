import type { ElementType, Tensor } from '../../tensor/index.ts'
import type { Dimension, Graph, Node } from '../model.ts'
import { constantOf } from './constants.ts'
import { outputDims } from './output-dims.ts'
import { outputTypes } from './output-types.ts'

/** What is known of a value without running the graph. */
export interface Facts {
  readonly type?: ElementType | undefined
  readonly dims?: readonly Dimension[] | undefined
  /** The value itself, where it is stored in the model and no caller can replace it. */
  readonly constant?: Tensor | undefined
}

/** What is known of the values that a node can see: those of its graph and of the graphs around it. */
export interface Scope {
  /** The facts of a value; none for an unknown or absent one. */
  find(name: string | undefined): Facts
  /** Adds what follows of the node's outputs from what is known of its inputs. */
  learn(node: Node): void
}

/**
 * Starts with what a graph declares: its inputs, outputs, described values and initialisers. In files before IR
 * version 4 an initialiser is constant although it is an input too; later, one that is an input may be replaced.
 */
export function openScope(graph: Graph, irVersion: number, outer?: Scope): Scope {
  const facts = new Map<string, Facts>()
  for (const { name, type, dims } of [...graph.inputs, ...graph.values, ...graph.outputs]) {
    const { type: formerType, dims: formerDims } = facts.get(name) ?? {}
    facts.set(name, { type: type ?? formerType, dims: dims ?? formerDims })
  }
  const replaceable = new Set(irVersion < 4 ? [] : graph.inputs.map(({ name }) => name))
  for (const [name, tensor] of graph.initializers) {
    facts.set(name, { type: tensor.type, dims: tensor.dims, constant: replaceable.has(name) ? undefined : tensor })
  }
  const scope: Scope = {
    find: (name) => (name === undefined || name === '' ? {} : (facts.get(name) ?? outer?.find(name) ?? {})),
    learn(node) {
      const types = outputTypes(node, scope)
      node.outputs.forEach((name, i) => {
        if (name === '') return
        const declared = facts.get(name)
        facts.set(name, {
          type: declared?.type ?? types[i],
          dims: declared?.dims ?? (i === 0 ? outputDims(node, scope) : undefined),
          constant: constantOf(node),
        })
      })
    },
  }
  return scope
}
