import { InvalidInputError } from '../../../errors.ts'
import type { LossTerm, Schedule, Turn } from '../../../training/index.ts'
import type { DeepStage, DeepTurn } from './deep-stage.ts'
import type { OpenStep } from './open-step.ts'

/** The updates of a stage's batches, and the schedules of those factors of losses that change. */
export function stepTurns(
  open: OpenStep,
  { turns, trains }: Pick<DeepStage, 'turns' | 'trains'>,
): { readonly turns: readonly Turn[]; readonly scalars: Readonly<Record<string, Schedule>> } {
  const all: DeepTurn = {
    losses: Object.fromEntries(open.weights),
    trains: trains ?? [...new Set(open.groups.values())],
  }
  const scalars: Record<string, Schedule> = {}
  const minimised = new Set((turns ?? [all]).flatMap(({ losses }) => Object.keys(losses)))
  const made = (turns ?? [all]).map((turn, i): Turn => {
    for (const name of Object.keys(turn.losses)) {
      if (!open.weights.has(name)) throw new InvalidInputError(`a turn minimises "${name}", and there is no such loss`)
    }
    const losses = open.terms.flatMap((term): LossTerm[] => {
      const weight = turn.losses[term.name]
      // What no turn minimises is measured by the first.
      if (weight === undefined) return i === 0 && !minimised.has(term.name) ? [{ ...term, weight: 0 }] : []
      if (typeof weight === 'number') return [{ ...term, weight }]
      const scalar = `weight ${i + 1} of ${term.name}`
      scalars[scalar] = weight
      return [{ ...term, weight: scalar }]
    })
    return {
      losses,
      trainable: (name) => turn.trains.includes(open.groups.get(name) ?? ''),
      ...(turn.times === undefined ? {} : { times: turn.times }),
    }
  })
  return { turns: made, scalars: { ...open.scalars, ...scalars } }
}
