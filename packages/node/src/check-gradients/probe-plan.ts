import type { Interpretation, Model, Random } from 'graft-learn'
import { type Direction, elementDirection, randomDirection } from './direction.ts'
import { workAfter } from './work.ts'

/** Derivatives to take of one parameter. */
export interface ParameterProbes {
  readonly name: string
  /** Whether the directions are all elements, one by one, or random ones through all. */
  readonly kind: 'elements' | 'directions'
  readonly directions: readonly Direction[]
  /** The work of computing the loss once for a change of this parameter, in multiplications. */
  readonly work: number
}

/** About half a minute of the interpreter's time. */
export const WORK = 40e9
/** The part of the work that taking every element of every parameter may cost. */
const ELEMENTS_PART = 1 / 4
/** Random directions for a parameter that has more elements. */
const DIRECTIONS = 2

/**
 * Which derivatives to take: of every element where the network is small, else along random directions through each
 * parameter that has more than a few. It depends on the model and the seed alone, not on the time that anything takes.
 */
export function planProbes(
  model: Model,
  whole: Interpretation,
  parameters: readonly string[],
  limit: number,
  random: Random,
): ParameterProbes[] {
  const work = new Map(parameters.map((name) => [name, workAfter(model, whole, [name])]))
  const sizeOf = (name: string) => whole.values.get(name)!.data.length
  const everything = parameters.reduce((sum, name) => sum + 2 * sizeOf(name) * work.get(name)!, 0)
  return parameters.map((name) => {
    const size = sizeOf(name)
    const single = everything <= ELEMENTS_PART * limit || size <= DIRECTIONS
    const own = random.fork(name)
    return {
      name,
      kind: single ? 'elements' : 'directions',
      directions: single
        ? Array.from({ length: size }, (_, i) => elementDirection(i))
        : Array.from({ length: DIRECTIONS }, (_, i) => randomDirection(size, own.fork(`${i}`))),
      work: work.get(name)!,
    }
  })
}
