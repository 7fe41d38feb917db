import {
  backpropagate,
  cutTo,
  exposeParameters,
  gradientName,
  graphWriter,
  lowered,
  namesOf,
  opsOf,
  parametersOf,
  specialise,
  type TypedValue,
} from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { type Model, renameValues } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { assemble } from './assemble.ts'
import { withBatchStatistics } from './batch-normalisation.ts'
import { clipByNorm } from './clipping.ts'
import { AVERAGE_PART, NORM, nextName, RATE, scalarName } from './names.ts'
import { namesForOutputs } from './names-for-outputs.ts'
import type { Optimiser } from './optimisers/index.ts'
import { packed, packsOf } from './packs.ts'
import { startingMemory, storedTensors } from './start.ts'
import type { StepOptions } from './step-options.ts'
import { appendAverages, appendUpdate } from './update.ts'
import { LOSS, lossName, withLoss } from './with-loss.ts'

/**
 * What a step changes: trained parameters, running statistics, what the optimiser keeps (`KIND/PARAMETER`, one tensor for small
 * parameters that are updated alike), and averages of the parameters (`average/PARAMETER`).
 */
export type TrainingState = Tensors

/** A training step as one graph: forward, losses, backward, clipping and update. */
export interface CompiledStep {
  /**
   * Inputs: those of the model that the loss depends on, the losses' targets, `learning_rate` and the optimiser's scalars,
   * and everything in the state. Outputs: `loss`, `loss/NAME`, with clipping `gradient_norm`, `grad/NAME` for inputs whose
   * gradients are wanted, and `next/NAME` for everything in the state.
   */
  readonly model: Model
  /** Names of the trained parameters. */
  readonly parameters: readonly string[]
  /** Where training starts: the model's weights and statistics, the optimiser's zeros. */
  readonly start: TrainingState
  /** The part of `start` that belongs to the model: trained parameters and running statistics. */
  readonly weights: Tensors
  /** Parameters that are inputs without being trained by this step, as the model has them. */
  readonly held: Tensors
  /** Names of the inputs that each batch must give. */
  readonly batchInputs: readonly string[]
  /** Names of the scalar inputs that each step is given. */
  readonly scalars: readonly string[]
  readonly losses: readonly string[]
  readonly inputGradients: readonly string[]
  readonly optimiser: Optimiser
  /** Throws `InvalidInputError` where a batch's targets or sample weights do not fit. */
  readonly check: (batch: Tensors) => void
}

/**
 * Compiles a training step to one ONNX graph. Only what lies between the trained parameters and the losses is
 * differentiated; frozen weights stay initialisers, so that ONNX Runtime folds and packs them. Throws
 * `UnsupportedOperatorError` where an operator in between has no rule, and `InvalidInputError` where nothing is trained,
 * and where the batch lacks an input or its targets do not fit.
 */
export async function compileStep(runtime: Runtime, model: Model, options: StepOptions): Promise<CompiledStep> {
  const { batch, losses, optimiser, trainable = () => true, inputGradients = [], average = false } = options
  const { held = () => false } = options
  const names = [LOSS, ...losses.map(lossName)]
  const exposed = exposeParameters(model)
  const whole = cutTo(
    withLoss(exposed, losses, batch),
    names.map((name) => ({ name })),
  )
  // What losses store, such as class weights, is no parameter.
  const learnable = parametersOf(whole, [LOSS]).filter((name) => exposed.graph.initializers.has(name))
  const chosen = learnable.filter(trainable)
  if (chosen.length === 0) throw nothingTrained(learnable)
  // Values that are only measured, and those behind a stopped gradient, are of the moment too.
  const present = parametersOf({ ...whole, graph: { ...whole.graph, nodes: whole.graph.nodes.map(lowered) } }, names)
  const others = present.filter((name) => exposed.graph.initializers.has(name) && !chosen.includes(name) && held(name))
  const { batchNormalisation = 'fixed' } = options
  const { model: moving, statistics } =
    batchNormalisation === 'fixed'
      ? { model: whole, statistics: [] }
      : withBatchStatistics(whole, new Set([...chosen, ...others]), { stochastic: batchNormalisation === 'stochastic' })
  const running = statistics.map(({ before }) => before)
  const inputs = inputsOf(moving, batch)
  const graph = await specialise(runtime, moving, inputs, new Set([...chosen, ...others, ...running]))
  const check = (given: Tensors) => {
    for (const term of losses) term.check?.(given, (name) => graph.valueOf(name).dims)
  }
  check(batch)

  const writer = graphWriter([...namesOf(graph.model), ...chosen.map(nextName), ...inputGradients.map(gradientName)])
  const ops = opsOf(writer)
  const found = backpropagate(graph, ops, LOSS, [...chosen, ...inputGradients])
  const parameters = chosen.filter((name) => found.get(name) !== undefined)
  if (parameters.length === 0) throw nothingTrained(learnable)
  const packs = packsOf(graph, parameters, options)
  const byPack = packs.map((pack) =>
    packed(
      ops,
      pack.members.map(({ name }) => found.get(name)!),
    ),
  )
  const { clipped, norm } =
    options.clipNorm === undefined ? { clipped: byPack } : clipByNorm(ops, byPack, options.clipNorm)
  const updated = appendUpdate(ops, optimiser, packs, clipped)
  const averages = average ? appendAverages(ops, parameters, updated) : []
  const next: [string, TypedValue][] = [
    ...statistics.map(({ before, after }): [string, TypedValue] => [before, { ...graph.valueOf(before), name: after }]),
    ...updated,
    ...averages,
  ]
  const { named, nameOf } = namesForOutputs(writer)
  const outputs = [
    ...names.map((name) => graph.valueOf(name)),
    ...(norm === undefined ? [] : [named(NORM, norm)]),
    ...next.map(([name, value]) => named(nextName(name), value)),
    ...inputGradients.map((name) => {
      const input = graph.valueOf(name)
      return named(gradientName(name), found.get(name) ?? ops.expand(ops.scalar(0, input), input.dims))
    }),
  ]
  const state = next.map(([name, value]): [string, TypedValue] => [name, { ...value, name }])
  const lent = others.map((name): [string, TypedValue] => [name, graph.valueOf(name)])
  const given = new Map([...state, ...lent, ...scalarsOf(optimiser)])
  const step = assemble(
    graph,
    { ...writer, nodes: writer.nodes.map((node) => renameValues(node, nameOf)) },
    outputs,
    given,
  )
  const weights = storedTensors(graph, [...parameters, ...running])
  const start = { ...weights, ...startingMemory(optimiser, packs, storedTensors(graph, parameters), average) }
  const wanted = new Set(step.graph.inputs.map(({ name }) => name))
  const heldHere = others.filter((name) => wanted.has(name))
  const rest = [...wanted].filter((name) => !Object.hasOwn(start, name) && !heldHere.includes(name))
  return {
    model: step,
    parameters,
    weights,
    start,
    held: storedTensors(graph, heldHere),
    batchInputs: rest.filter((name) => Object.hasOwn(inputs, name)),
    scalars: rest.filter((name) => !Object.hasOwn(inputs, name)),
    losses: losses.map(({ name }) => name),
    inputGradients,
    optimiser,
    check,
  }
}

/** The inputs that say how a step is taken: each a float32 scalar. */
const scalarsOf = (optimiser: Optimiser): [string, TypedValue][] =>
  [RATE, AVERAGE_PART, ...Object.keys(optimiser.scalars(1)).map(scalarName)].map((name) => [
    name,
    { name, type: 'float32', dims: [] },
  ])

function inputsOf({ graph }: Model, batch: Tensors): Tensors {
  const missing = graph.inputs.filter(({ name }) => !Object.hasOwn(batch, name)).map(({ name }) => `"${name}"`)
  if (missing.length > 0) {
    throw new InvalidInputError(
      `the batch lacks ${missing.join(', ')}, got ${Object.keys(batch).join(', ') || 'nothing'}: the losses depend on ${missing.length === 1 ? 'it' : 'them'}`,
    )
  }
  return Object.fromEntries(graph.inputs.map(({ name }) => [name, batch[name]!]))
}

function nothingTrained(learnable: readonly string[]): InvalidInputError {
  const some = learnable.slice(0, 5).join(', ')
  const reason =
    learnable.length === 0
      ? 'the losses depend on no stored float32 or float64 tensor'
      : `\`trainable\` chose none of the ${learnable.length} that the losses depend on: ${some}${learnable.length > 5 ? ', …' : ''}`
  return new InvalidInputError(`no parameter is trained: ${reason}`)
}
