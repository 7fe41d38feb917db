import type { Ops, Specialised, TypedValue } from '../autodiff/index.ts'
import { sizeOf } from '../tensor/index.ts'
import type { Optimiser } from './optimisers/index.ts'
import { groupOf, type ParameterGroup } from './parameter-groups.ts'

/** Parameters that are updated as one vector, or one parameter in its own shape. */
export interface Pack {
  /** What the optimiser's memory of it is called. */
  readonly name: string
  readonly members: readonly TypedValue[]
  readonly dims: readonly number[]
  readonly rate: number
  readonly weightDecay: number
}

/** Parameters of more numbers are updated on their own: their passes stay in a core's cache, and nothing is moved. */
const SMALL = 32_768

/**
 * Groups small parameters that are updated alike. An update is a dozen operators for each tensor, and what they cost for a
 * small one is their start, not their numbers; its memory would also cross into the step and out of it tensor by tensor.
 */
export function packsOf(
  graph: Specialised,
  parameters: readonly string[],
  { optimiser, groups = [], shared = false }: PackOptions,
): readonly Pack[] {
  const packs = new Map<string, Pack>()
  for (const parameter of parameters.map((name) => graph.valueOf(name))) {
    const { name, dims, type } = parameter
    const group = groupOf(name, groups, optimiser.weightDecay)
    const together = !shared && sizeOf(dims) <= SMALL
    const key = together ? `${type} ${group.rate} ${group.weightDecay}` : `alone ${name}`
    const members = [...(packs.get(key)?.members ?? []), parameter]
    packs.set(key, members.length === 1 ? { name, members, dims, ...group } : { ...group, ...joined(members) })
  }
  return [...packs.values()]
}

export interface PackOptions {
  readonly optimiser: Optimiser
  readonly groups?: readonly ParameterGroup[]
  /** Whether other steps go on with what the optimiser keeps of each parameter. */
  readonly shared?: boolean
}

const joined = (members: readonly TypedValue[]) => ({
  name: `${members[0]!.name} and ${members.length - 1} more`,
  members,
  dims: [members.reduce((size, { dims }) => size + sizeOf(dims), 0)],
})

/** A tensor for each member of a pack as one of the pack's shape. */
export const packed = (ops: Ops, parts: readonly TypedValue[]): TypedValue =>
  parts.length === 1
    ? parts[0]!
    : ops.concat(
        parts.map((part) => ops.reshape(part, [sizeOf(part.dims)])),
        0,
      )

/** One tensor of the pack's shape as one for each member, in its shape. */
export function unpacked(ops: Ops, { members }: Pack, whole: TypedValue): TypedValue[] {
  if (members.length === 1) return [whole]
  const sizes = members.map(({ dims }) => sizeOf(dims))
  const parts = ops.nodes(
    'Split',
    [whole, ops.integers(sizes)],
    sizes.map((size) => ({ dims: [size] })),
  )
  return parts.map((part, i) => ops.reshape(part, members[i]!.dims))
}
