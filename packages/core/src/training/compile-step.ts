import {
  ancestors,
  backpropagate,
  exposeParameters,
  type GraphWriter,
  graphWriter,
  lowered,
  namesOf,
  type Ops,
  opsOf,
  parametersOf,
  type Specialised,
  specialise,
  type TypedValue,
} from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Model, ValueInfo } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { withBatchStatistics } from './batch-normalisation.ts'
import { clipByNorm } from './clipping.ts'
import type { LossTerm } from './losses/index.ts'
import type { Optimiser } from './optimisers/index.ts'
import { groupOf, type ParameterGroup } from './parameter-groups.ts'
import { LOSS, lossName, withLoss } from './with-loss.ts'

export interface StepOptions {
  /** An example of every input of the step, targets included: the step is made for these shapes and types. */
  readonly batch: Tensors
  readonly losses: readonly LossTerm[]
  readonly optimiser: Optimiser
  /** Which parameters are trained, by name; the others stay inside the graph as they are. Default: all. */
  readonly trainable?: (name: string) => boolean
  readonly groups?: readonly ParameterGroup[]
  /** The largest norm that all gradients together may have; default: none. */
  readonly clipNorm?: number
  /**
   * Whether batch normalisation uses its running statistics as constants (`fixed`, the default: right for fine-tuning on
   * few rows), or each batch's own, and updates the running ones (`batch`: for training from scratch).
   */
  readonly batchNormalisation?: 'fixed' | 'batch'
  /** Whether the step keeps an average of the weights beside them, which moves by the input `average_part`. */
  readonly average?: boolean
}

/**
 * What a step changes: trained parameters, running statistics, what the optimiser keeps (`KIND/PARAMETER`), and averages
 * of the parameters (`average/PARAMETER`).
 */
export type TrainingState = Tensors

/** A training step as one graph: forward, losses, backward, clipping and update. */
export interface CompiledStep {
  /**
   * Inputs: those of the model that the loss depends on, the losses' targets, `learning_rate` and the optimiser's scalars,
   * and everything in the state. Outputs: `loss`, `loss/NAME`, with clipping `gradient_norm`, and `next/NAME` for
   * everything in the state.
   */
  readonly model: Model
  /** Names of the trained parameters. */
  readonly parameters: readonly string[]
  /** Where training starts: the model's weights and statistics, the optimiser's zeros. */
  readonly start: TrainingState
  /** The part of `start` that belongs to the model: trained parameters and running statistics. */
  readonly weights: Tensors
  /** Names of the inputs that each batch must give. */
  readonly batchInputs: readonly string[]
  /** Names of the scalar inputs that each step is given. */
  readonly scalars: readonly string[]
  readonly losses: readonly string[]
  readonly optimiser: Optimiser
}

export const RATE = 'learning_rate'
export const AVERAGE_PART = 'average_part'
export const NORM = 'gradient_norm'
export const nextName = (name: string): string => `next/${name}`
export const averageName = (name: string): string => `average/${name}`
/** The input that holds one of the optimiser's scalars. */
export const scalarName = (name: string): string => `optimiser/${name}`

/**
 * Compiles a training step to one ONNX graph. Only what lies between the trained parameters and the losses is
 * differentiated; frozen weights stay initialisers, so that ONNX Runtime folds and packs them. Throws
 * `UnsupportedOperatorError` where an operator in between has no rule, and `InvalidInputError` where nothing is trained.
 */
export async function compileStep(runtime: Runtime, model: Model, options: StepOptions): Promise<CompiledStep> {
  const { batch, losses, optimiser, trainable = () => true } = options
  const whole = withLoss(exposeParameters(model), losses, batch)
  const { model: moving, statistics } =
    options.batchNormalisation === 'batch' ? withBatchStatistics(whole) : { model: whole, statistics: [] }
  const chosen = parametersOf(moving).filter(trainable)
  const variable = new Set([...chosen, ...statistics.map(({ before }) => before)])
  const inputs = Object.fromEntries(moving.graph.inputs.map(({ name }) => [name, batch[name]!]))
  const graph = await specialise(runtime, moving, inputs, variable)
  const writer = graphWriter([...namesOf(graph.model), ...chosen.map(nextName)])
  const ops = opsOf(writer)
  const found = backpropagate(graph, ops, LOSS, chosen)
  const parameters = chosen.filter((name) => found.get(name) !== undefined)
  if (parameters.length === 0) {
    throw new InvalidInputError(
      `no parameter is trained: ${chosen.length === 0 ? `\`trainable\` chose none of ${parametersOf(moving).length}` : 'the loss depends on none of those chosen'}`,
    )
  }
  const gradients = clipped(
    ops,
    parameters.map((name) => found.get(name)!),
    options.clipNorm,
  )
  const kept = update(ops, graph, options, parameters, gradients.values)
  if (options.average === true) keepAverages(ops, graph, parameters, kept)
  const named: TypedValue[] = [...(gradients.norm === undefined ? [] : [rename(writer, gradients.norm, NORM)])]
  for (const { before, after } of statistics)
    named.push(rename(writer, { ...graph.valueOf(before), name: after }, nextName(before)))
  for (const [name, value] of kept) named.push(rename(writer, value, nextName(name)))
  const scalars: TypedValue[] = [LOSS, ...losses.map(lossName)].map((name) => graph.valueOf(name))
  const step = assemble(
    graph,
    writer,
    [...scalars, ...named],
    [...parameters, ...statistics.map(({ before }) => before)],
    kept,
  )
  const weights = Object.fromEntries(
    [...parameters, ...statistics.map(({ before }) => before)].map((name) => [name, initialOf(graph, name)]),
  )
  const start = { ...weights, ...memoryOf(optimiser, weights, parameters, options.average === true) }
  const rest = step.graph.inputs.map(({ name }) => name).filter((name) => start[name] === undefined)
  return {
    model: step,
    parameters,
    weights,
    start,
    batchInputs: rest.filter((name) => batch[name] !== undefined),
    scalars: rest.filter((name) => batch[name] === undefined),
    losses: losses.map(({ name }) => name),
    optimiser,
  }
}

function clipped(
  ops: Ops,
  gradients: readonly TypedValue[],
  limit: number | undefined,
): { values: readonly TypedValue[]; norm?: TypedValue } {
  if (limit === undefined) return { values: gradients }
  if (!(limit > 0)) throw new InvalidInputError(`clipNorm is ${limit}: a number above 0 is expected`)
  const { clipped: values, norm } = clipByNorm(ops, gradients, limit)
  return { values, norm }
}

/** The name of what the optimiser keeps for a parameter. */
export const stateName = (kind: string, parameter: string): string => `${kind}/${parameter}`

/** Appends the optimiser's update; gives what the state becomes, by the names of the state. */
function update(
  ops: Ops,
  graph: Specialised,
  { optimiser, groups = [] }: StepOptions,
  parameters: readonly string[],
  gradients: readonly TypedValue[],
): Map<string, TypedValue> {
  const kept = new Map<string, TypedValue>()
  const input = (name: string): TypedValue => ({ name, type: 'float32', dims: [] })
  parameters.forEach((name, i) => {
    const parameter = graph.valueOf(name)
    const group = groupOf(name, groups, optimiser.weightDecay)
    const context = {
      ops,
      rate: ops.scale(ops.cast(input(RATE), parameter.type), group.rate),
      weightDecay: group.weightDecay,
      scalars: Object.fromEntries(
        Object.keys(optimiser.scalars(1)).map((key) => [key, ops.cast(input(scalarName(key)), parameter.type)]),
      ),
    }
    const state = Object.fromEntries(
      optimiser.state.map((kind) => [kind, { ...parameter, name: stateName(kind, name) }]),
    )
    const after = optimiser.update(context, { parameter, state }, gradients[i]!)
    kept.set(name, after.parameter)
    for (const kind of optimiser.state) kept.set(stateName(kind, name), after.state[kind]!)
  })
  return kept
}

/** Appends `average ← average + part · (weights − average)` for each parameter. */
function keepAverages(
  ops: Ops,
  graph: Specialised,
  parameters: readonly string[],
  kept: Map<string, TypedValue>,
): void {
  for (const name of parameters) {
    const before = { ...graph.valueOf(name), name: averageName(name) }
    const part = ops.cast({ name: AVERAGE_PART, type: 'float32', dims: [] }, before.type)
    kept.set(averageName(name), ops.add(before, ops.mul(ops.sub(kept.get(name)!, before), part)))
  }
}

/** Gives a value a name of its own. */
function rename(writer: GraphWriter, value: TypedValue, name: string): TypedValue {
  writer.append({ op: 'Identity', domain: '', name, inputs: [value.name], outputs: [name], attributes: {} })
  return { ...value, name }
}

function assemble(
  graph: Specialised,
  writer: GraphWriter,
  outputs: readonly TypedValue[],
  variable: readonly string[],
  kept: ReadonlyMap<string, TypedValue>,
): Model {
  const forward = graph.model.graph
  const nodes = ancestors(
    [...forward.nodes.map(lowered), ...writer.nodes],
    outputs.map(({ name }) => name),
  )
  const read = new Set(nodes.flatMap((node) => node.inputs))
  const changing = new Set([...variable, ...kept.keys()])
  const declared = new Set(forward.inputs.map(({ name }) => name))
  const given = [...changing].filter((name) => !declared.has(name) && read.has(name))
  const stored = [...forward.initializers, ...writer.initializers].filter(
    ([name]) => read.has(name) && !changing.has(name),
  )
  const inside = new Set([
    ...declared,
    ...given,
    ...stored.map(([name]) => name),
    ...nodes.flatMap((node) => node.outputs),
  ])
  const scalars = [...read].filter((name) => name !== '' && !inside.has(name))
  const inputs: ValueInfo[] = [
    ...forward.inputs.filter(({ name }) => read.has(name)),
    ...given.map((name) => typeOf(graph, kept, name)),
    ...scalars.map((name) => ({ name, type: 'float32' as const, dims: [] })),
  ]
  return {
    ...graph.model,
    graph: { ...forward, name: `${forward.name} training step`, nodes, inputs, outputs, initializers: new Map(stored) },
  }
}

function typeOf(graph: Specialised, kept: ReadonlyMap<string, TypedValue>, name: string): ValueInfo {
  const { type, dims } = kept.get(name) ?? graph.valueOf(name)
  return { name, type, dims }
}

const initialOf = (graph: Specialised, name: string): Tensor => graph.model.graph.initializers.get(name)!

/** What is kept beside the weights, as it is before the first step. */
function memoryOf(
  optimiser: Optimiser,
  weights: Tensors,
  parameters: readonly string[],
  average: boolean,
): TrainingState {
  return Object.fromEntries(
    parameters.flatMap((name) => {
      const weight = weights[name]!
      const zeros = (): Tensor => ({
        ...weight,
        data: weight.type === 'float64' ? new Float64Array(weight.data.length) : new Float32Array(weight.data.length),
      })
      const kept = optimiser.state.map((kind): [string, Tensor] => [stateName(kind, name), zeros()])
      return average ? [...kept, [averageName(name), weight] as [string, Tensor]] : kept
    }),
  )
}
