import type { Ops, TypedValue } from '../autodiff/index.ts'
import { AVERAGE_PART, averageName, RATE, scalarName, stateName } from './names.ts'
import type { Optimiser } from './optimisers/index.ts'
import { type Pack, packed, unpacked } from './packs.ts'

/** Appends the optimiser's update by a gradient for each pack; gives what the state becomes, by the names of the state. */
export function appendUpdate(
  ops: Ops,
  optimiser: Optimiser,
  packs: readonly Pack[],
  gradients: readonly TypedValue[],
): Map<string, TypedValue> {
  const kept = new Map<string, TypedValue>()
  const input = (name: string): TypedValue => ({ name, type: 'float32', dims: [] })
  const rates = new Map<string, TypedValue>()
  for (const [index, pack] of packs.entries()) {
    const { rate, weightDecay, dims, name } = pack
    const parameter = packed(ops, pack.members)
    const key = `${parameter.type} ${rate}`
    rates.set(key, rates.get(key) ?? ops.scale(ops.cast(input(RATE), parameter.type), rate))
    const context = {
      ops,
      rate: rates.get(key)!,
      weightDecay,
      scalars: Object.fromEntries(
        Object.keys(optimiser.scalars(1)).map((scalar) => [
          scalar,
          ops.cast(input(scalarName(scalar)), parameter.type),
        ]),
      ),
    }
    const state = Object.fromEntries(
      optimiser.state.map((kind) => [kind, { dims, type: parameter.type, name: stateName(kind, name) }]),
    )
    const after = optimiser.update(context, { parameter, state }, gradients[index]!)
    unpacked(ops, pack, after.parameter).forEach((value, i) => void kept.set(pack.members[i]!.name, value))
    for (const kind of optimiser.state) kept.set(stateName(kind, name), after.state[kind]!)
  }
  return kept
}

/** Appends `average ← average + part · (weights − average)` for each parameter; gives the averages by their names. */
export function appendAverages(
  ops: Ops,
  parameters: readonly string[],
  updated: ReadonlyMap<string, TypedValue>,
): Map<string, TypedValue> {
  const averages = parameters.map((name): [string, TypedValue] => {
    const after = updated.get(name)!
    const before = { ...after, name: averageName(name) }
    const part = ops.cast({ name: AVERAGE_PART, type: 'float32', dims: [] }, before.type)
    return [averageName(name), ops.add(before, ops.mul(ops.sub(after, before), part))]
  })
  return new Map(averages)
}
