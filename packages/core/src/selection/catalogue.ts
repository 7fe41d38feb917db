import { InvalidInputError } from '../errors.ts'
import { unknownName } from '../settings/index.ts'
import { hScoreEntry } from './h-score.ts'
import { leepScore } from './leep.ts'
import { logmeScore } from './logme.ts'
import { nLeepScore } from './n-leep.ts'
import { nceScore } from './nce.ts'
import { shrunkHScoreEntry } from './shrunk-h-score.ts'
import type { TransferabilityScore } from './transferability-score.ts'
import { transRateScore } from './transrate.ts'

/** Every score that ranks pretrained networks without training, in the order in which they are listed. */
export const transferabilityScores: readonly TransferabilityScore[] = [
  logmeScore,
  leepScore,
  nceScore,
  hScoreEntry,
  shrunkHScoreEntry,
  transRateScore,
  nLeepScore,
]

/** The score with an id; throws `InvalidInputError` with the nearest one and all that there are. */
export function findTransferabilityScore(id: string): TransferabilityScore {
  const score = transferabilityScores.find((candidate) => candidate.id === id)
  if (score !== undefined) return score
  const ids = transferabilityScores.map((candidate) => candidate.id)
  throw new InvalidInputError(unknownName('score', id, ids))
}
