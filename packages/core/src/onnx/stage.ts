import type { Tensor } from '../tensor/index.ts'
import { BUILT_OPSET, type GraphBuilder, graphBuilder, type Value } from './builder.ts'
import type { Dimension, Model } from './model.ts'
import { upgradeModel } from './upgrade/index.ts'

/**
 * One step of a pipeline (a preparation, a mapping, a classifier): a graph with numbers to fill in. `build` depends
 * on `kind` alone, never on the numbers, so that stages of one kind share one session while they are being fitted;
 * the finished pipeline carries the numbers as initialisers.
 */
export interface Stage {
  /** Names the graph that `build` makes, settings that shape it included. */
  readonly kind: string
  readonly parameters: Readonly<Record<string, Tensor>>
  /** Appends the step to a graph: `input` is `N × d` float64, the result `N × k` float64. */
  readonly build: (graph: GraphBuilder, input: Value, parameters: Readonly<Record<string, Value>>) => Value
  /** The operator set that its operators need, where that is a newer one than `BUILT_OPSET`. */
  readonly opset?: number
}

/** The step that changes nothing. */
export const identityStage: Stage = { kind: 'identity', parameters: {}, build: (_, input) => input }

/** Several steps, first to last, as one. */
export function composeStages(stages: readonly Stage[]): Stage {
  const used = stages.filter((stage) => stage.kind !== 'identity')
  if (used.length === 0) return identityStage
  if (used.length === 1) return used[0]!
  const rename = (index: number, name: string) => `${index}/${name}`
  return {
    // In brackets, because parameters are named by position: [[a → b] → c] and [a → b → c] are different graphs.
    kind: `[${used.map((stage) => stage.kind).join(' → ')}]`,
    ...(used.some(({ opset }) => opset !== undefined) && { opset: neededOpset(used) }),
    parameters: Object.fromEntries(
      used.flatMap((stage, i) => Object.entries(stage.parameters).map(([name, value]) => [rename(i, name), value])),
    ),
    build: (graph, input, parameters) =>
      used.reduce((value, stage, i) => {
        const own = Object.keys(stage.parameters).map((name) => [name, parameters[rename(i, name)]!])
        return stage.build(graph, value, Object.fromEntries(own))
      }, input),
  }
}

/** The operator set that a graph of these stages needs. */
export const neededOpset = (stages: readonly Stage[]): number =>
  Math.max(BUILT_OPSET, ...stages.map(({ opset = BUILT_OPSET }) => opset))

/** A finished graph of stages in the operator set that they need: what was built is brought towards newer operators. */
export function atOpset(model: Model, opset: number): Model {
  if (opset <= BUILT_OPSET) return model
  const upgraded = upgradeModel(model)
  return { ...upgraded, opsets: { ...upgraded.opsets, '': Math.max(opset, upgraded.opsets['']!) } }
}

/** Builds a stage into a graph with its numbers as initialisers, named after `prefix`. */
export function buildWithConstants(stage: Stage, graph: GraphBuilder, input: Value, prefix: string): Value {
  const values = Object.entries(stage.parameters).map(([name, value]) => [
    name,
    graph.constant(value, `${prefix}/${name}`),
  ])
  return stage.build(graph, input, Object.fromEntries(values))
}

const parameterInput = (name: string): string => `parameter/${name}`

/** Declares a stage's numbers as inputs of a graph under construction and gives their values, as `build` takes them. */
export const declareParameters = (stage: Stage, graph: GraphBuilder): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    Object.entries(stage.parameters).map(([name, { type, dims }]) => [
      name,
      graph.input(
        parameterInput(name),
        type,
        dims.map((_, i): Dimension => `${name}_${i}`),
      ),
    ]),
  )

/** A stage's numbers by the names of the inputs that `declareParameters` made. */
export const parameterInputs = (stage: Stage): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(Object.entries(stage.parameters).map(([name, value]) => [parameterInput(name), value]))

/**
 * A stage as a model of its own, its numbers being inputs: `x` (`N × d`) and one per parameter; output `y`
 * (`N × k`). Stages of one kind make equal models; `stageInputs` gives what such a model runs on.
 */
export function stageModel(stage: Stage): Model {
  const graph = graphBuilder(stage.kind)
  const input = graph.input('x', 'float64', ['n', 'd'])
  graph.output('y', stage.build(graph, input, declareParameters(stage, graph)), 'float64', ['n', 'k'])
  return atOpset(graph.model(), neededOpset([stage]))
}

/** The inputs of `stageModel(stage)` by name: rows `x` (`N × d` float64) and the stage's own numbers. */
export const stageInputs = (stage: Stage, x: Tensor): Readonly<Record<string, Tensor>> => ({
  x,
  ...parameterInputs(stage),
})
