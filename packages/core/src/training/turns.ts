import { InvalidInputError } from '../errors.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { type CompiledStep, compileStep, type TrainingState } from './compile-step.ts'
import { type LastStep, lastStep } from './last-step.ts'
import type { LossTerm } from './losses/index.ts'
import { runStep, type StepMoment, type StepResult } from './run-step.ts'
import type { StepOptions } from './step-options.ts'

/** One of several updates that are made on each batch, each with losses and parameters of its own. */
export interface Turn {
  readonly losses: readonly LossTerm[]
  /** Which parameters; default: all. What another turn trains stays what it made of it. */
  readonly trainable?: (name: string) => boolean
  /** How often in a row on the same batch; default 1. */
  readonly times?: number
}

/** The updates of one batch, one after the other. */
export interface CompiledTurns {
  readonly turns: readonly { readonly step: CompiledStep; readonly times: number }[]
  /** What all of them change, and where that starts. */
  readonly start: TrainingState
  /** The part of `start` that belongs to the model. */
  readonly weights: Tensors
}

/** Compiles each turn; they share parameters, running statistics and what the optimiser keeps, by name. */
export async function compileTurns(
  runtime: Runtime,
  model: Model,
  turns: readonly Turn[],
  options: Omit<StepOptions, 'losses'>,
): Promise<CompiledTurns> {
  const some = (name: string) => turns.some(({ trainable }) => trainable?.(name) ?? true)
  const compiled: { step: CompiledStep; times: number }[] = []
  for (const { losses, trainable, times = 1 } of turns) {
    if (!(Number.isInteger(times) && times >= 1)) {
      throw new InvalidInputError(`a turn is taken a whole number of times, 1 or more, got ${times}`)
    }
    const chosen = trainable === undefined ? {} : { trainable }
    const step = { ...options, losses, ...chosen, held: some, shared: turns.length > 1 }
    compiled.push({ step: await compileStep(runtime, model, step), times })
  }
  const joined = (part: (step: CompiledStep) => Tensors): Tensors =>
    Object.assign({}, ...compiled.map(({ step }) => part(step))) as Tensors
  const start = { ...joined(({ held }) => held), ...joined(({ start }) => start) }
  return { turns: compiled, start, weights: joined(({ weights }) => weights) }
}

/** Makes the updates of one batch. Loss and norm are those of the first; of losses of one name the first counts. */
export async function runTurns(
  runtime: Runtime,
  { turns }: CompiledTurns,
  before: TrainingState,
  batch: Tensors,
  moment: StepMoment,
): Promise<{ readonly result: StepResult; readonly last: LastStep }> {
  let result: StepResult | undefined
  let last: LastStep | undefined
  for (const { step, times } of turns) {
    for (let i = 0; i < times; i++) {
      const state = result?.state ?? before
      const found = await runStep(runtime, step, state, batch, moment)
      last = lastStep(step, state, batch, moment, found.loss)
      result = { ...found, ...result, losses: { ...found.losses, ...result?.losses }, state: found.state }
    }
  }
  return { result: result!, last: last! }
}
