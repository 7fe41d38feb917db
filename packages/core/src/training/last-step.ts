import { DivergedError } from '../errors.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { CompiledStep } from './compile-step.ts'
import { diagnose, firstBroken, type Given } from './divergence.ts'
import { nextName } from './names.ts'
import { givenTo, type StepMoment } from './run-step.ts'

/** A step that was run, to look into where its results turn out broken. */
export interface LastStep {
  readonly compiled: CompiledStep
  /** What it was given; left out where that is too much to hold. */
  readonly given?: Given
  readonly at: { readonly step: number; readonly learningRate: number; readonly loss: number }
}

/** The most bytes of state that are held a step longer than they are needed. */
const HELD = 64e6

/** Remembers a step. */
export function lastStep(
  compiled: CompiledStep,
  state: Tensors,
  batch: Tensors,
  moment: StepMoment,
  loss: number,
): LastStep {
  const { step, learningRate } = moment
  const bytes = Object.values(state).reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0)
  return {
    compiled,
    at: { step: step + 1, learningRate, loss },
    ...(bytes > HELD ? {} : { given: givenTo(compiled, state, batch, moment) }),
  }
}

/**
 * Throws `DivergedError` where weights, or what is kept beside them, are infinite or no numbers after `last`: it names the
 * first value of that step that was.
 */
export async function checkState(runtime: Runtime, state: Tensors, last: LastStep | undefined): Promise<void> {
  const tensor = firstBroken(state)
  if (tensor === undefined || last === undefined) return
  const { compiled, given, at } = last
  if (given === undefined) throw new DivergedError({ ...at, tensor }, 'an update up to this step overflowed')
  throw await diagnose(runtime, compiled.model, given, nextName(tensor), at)
}
