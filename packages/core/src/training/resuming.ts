import { InvalidInputError } from '../errors.ts'
import type { Tensors } from '../runtime/index.ts'
import { type Checkpoint, type CheckpointStore, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import type { TrainingState } from './compile-step.ts'
import type { Identity } from './identity.ts'
import type { EpochRecord } from './train-options.ts'

/** Where training stands between two steps. */
export interface Position {
  readonly state: TrainingState
  /** Epochs done. */
  readonly epoch: number
  /** Steps done of the epoch under way. */
  readonly step: number
  /** The sums of the losses of the epoch under way so far, each times its number of rows: the total, and by name. */
  readonly lossSum: number
  readonly lossSums: Readonly<Record<string, number>>
  /** The same of the norms of gradients. */
  readonly normSum: number
  readonly history: readonly EpochRecord[]
  /** The best weights so far, where there is validation. */
  readonly best?: { readonly state: Tensors; readonly epoch: number; readonly score: number }
  /** Epochs since then. */
  readonly stale: number
}

const BEST = 'best '
const STATE = 'state '

export const writePosition = async (store: CheckpointStore, identity: Identity, position: Position): Promise<void> =>
  store.write(encodeCheckpoint(toCheckpoint(identity, position)))

/**
 * The newest checkpoint that is whole. Those that are not are told of and passed over; throws `InvalidInputError` where
 * there are some and none is whole, or where it belongs to another training: other data, settings or network.
 */
export async function readNewest(
  store: CheckpointStore,
  identity: Identity,
  warn: (message: string) => void = () => undefined,
): Promise<Position | undefined> {
  const stored = await store.list()
  const refused: string[] = []
  for (const { name, read } of stored) {
    const bytes = await read()
    let checkpoint: Checkpoint
    try {
      checkpoint = decodeCheckpoint(bytes)
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      refused.push(`${name}: ${error.message}`)
      continue
    }
    if (refused.length > 0) warn(`went back to the checkpoint ${name}; refused ${refused.join('; ')}`)
    checkIdentity(name, identity, checkpoint.position.identity as Identity)
    return fromCheckpoint(checkpoint)
  }
  if (refused.length === 0) return undefined
  throw new InvalidInputError(`no checkpoint can be gone on with: ${refused.join('; ')}. Remove them to start again`)
}

function toCheckpoint(identity: Identity, { state, best, ...rest }: Position): Checkpoint {
  const named = (prefix: string, tensors: Tensors) =>
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor] as const)
  const kept = best === undefined ? undefined : { epoch: best.epoch, score: best.score }
  return {
    position: { identity, ...rest, ...(kept === undefined ? {} : { best: kept }) },
    tensors: Object.fromEntries([...named(STATE, state), ...(best === undefined ? [] : named(BEST, best.state))]),
  }
}

function fromCheckpoint({ position, tensors }: Checkpoint): Position {
  const under = (prefix: string): Tensors =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, tensor]) => [key.slice(prefix.length), tensor]),
    )
  const { identity: _, best, ...rest } = position as unknown as Position & { identity: Identity }
  return { ...rest, state: under(STATE), ...(best === undefined ? {} : { best: { ...best, state: under(BEST) } }) }
}

function checkIdentity(name: string, expected: Identity, got: Identity): void {
  const different = Object.keys(expected).find((key) => expected[key] !== got[key])
  if (different === undefined) return
  throw new InvalidInputError(
    `the checkpoint ${name} belongs to another training: its ${different} is ${got[different]}, this one's ${expected[different]}; use the same settings, or remove it to start again`,
  )
}
