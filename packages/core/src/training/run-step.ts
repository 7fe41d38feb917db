import { gradientName } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { scalarOf, type Tensor } from '../tensor/index.ts'
import type { CompiledStep, TrainingState } from './compile-step.ts'
import { diagnose, type Given } from './divergence.ts'
import { AVERAGE_PART, averageName, NORM, nextName, RATE, scalarName } from './names.ts'
import { LOSS } from './with-loss.ts'

export interface StepResult {
  readonly state: TrainingState
  readonly loss: number
  /** Each loss by its name, before its weight. */
  readonly losses: Readonly<Record<string, number>>
  /** The norm of all gradients before clipping, where the step clips. */
  readonly gradientNorm?: number
  /** The gradients by inputs that the step was compiled for, by the inputs' names. */
  readonly inputGradients: Tensors
}

export interface StepMoment {
  /** Counted from 0 over the whole training. */
  readonly step: number
  readonly learningRate: number
  /** How far the average of the weights moves, where the step keeps one. */
  readonly averagePart?: number
}

/**
 * Runs a step once. Throws `DivergedError` where the loss, or the norm that gradients are clipped by, is infinite or no
 * number; the state given is not changed. An update that overflows shows in the next step's loss. Inputs in `batch` that
 * the step does not need are left out.
 */
export async function runStep(
  runtime: Runtime,
  compiled: CompiledStep,
  state: TrainingState,
  batch: Tensors,
  moment: StepMoment,
): Promise<StepResult> {
  const { step, learningRate } = moment
  const given = givenTo(compiled, state, batch, moment)
  compiled.check(batch)
  const outputs = await runtime.run(compiled.model, { ...given.batch, ...given.state, ...given.scalars })
  const loss = scalarIn(outputs[LOSS]!)
  const gradientNorm = outputs[NORM] === undefined ? undefined : scalarIn(outputs[NORM])
  const broken = !Number.isFinite(loss) ? LOSS : Number.isFinite(gradientNorm ?? 0) ? undefined : NORM
  if (broken !== undefined) {
    throw await diagnose(runtime, compiled.model, given, broken, { step: step + 1, learningRate, loss })
  }
  return {
    state: { ...state, ...nextState(compiled, outputs) },
    loss,
    losses: Object.fromEntries(compiled.losses.map((name) => [name, scalarIn(outputs[`loss/${name}`]!)])),
    inputGradients: Object.fromEntries(compiled.inputGradients.map((name) => [name, outputs[gradientName(name)]!])),
    ...(gradientNorm === undefined ? {} : { gradientNorm }),
  }
}

const nextState = (compiled: CompiledStep, outputs: Tensors): TrainingState =>
  Object.fromEntries(Object.keys(compiled.start).map((name) => [name, outputs[nextName(name)]!]))

/** All that a step is given; throws `InvalidInputError` where the batch lacks something. */
export const givenTo = (compiled: CompiledStep, state: TrainingState, batch: Tensors, moment: StepMoment): Given => ({
  state: chosen('state', state, [...Object.keys(compiled.start), ...Object.keys(compiled.held)]),
  batch: chosen('batch', batch, compiled.batchInputs),
  scalars: scalarsAt(compiled, moment),
})

/** What a step is given besides batch and state. */
function scalarsAt(compiled: CompiledStep, { step, learningRate, averagePart = 0 }: StepMoment): Tensors {
  const all: Record<string, number> = { [RATE]: learningRate, [AVERAGE_PART]: averagePart }
  for (const [name, value] of Object.entries(compiled.optimiser.scalars(step + 1))) all[scalarName(name)] = value
  return Object.fromEntries(compiled.scalars.map((name) => [name, scalarOf(all[name]!, 'float32')]))
}

const scalarIn = (tensor: Tensor): number => Number(tensor.data[0])

function chosen(what: string, batch: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(
    names.map((name) => {
      const found = batch[name]
      if (found === undefined) throw new InvalidInputError(`the ${what} lacks "${name}", which the step needs`)
      return [name, found]
    }),
  )
}

/** The weights to use for predicting: the averages, where the step keeps them. */
export function weightsOf(compiled: Pick<CompiledStep, 'weights'>, state: TrainingState): TrainingState {
  const names = Object.keys(compiled.weights)
  return Object.fromEntries(names.map((name) => [name, state[averageName(name)] ?? state[name]!]))
}
