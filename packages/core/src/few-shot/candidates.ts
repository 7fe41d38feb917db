import { type Classifier, type FitContext, findClassifier, type TrainingSet } from '../classifiers/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Stage } from '../onnx/index.ts'
import { parseSettings } from '../settings/index.ts'

/** A classifier to be tried: an id, or an id with settings and, where it is to be told from another, a name. */
export type CandidateRequest =
  | string
  | {
      readonly classifier: string
      readonly options?: Readonly<Record<string, unknown>>
      readonly name?: string
    }

/** A classifier with its settings. */
export interface Candidate {
  /** The id, followed by the given settings unless a name was given: `prototypes metric=cosine`. */
  readonly name: string
  readonly classifier: string
  /** All settings, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly fit: (set: TrainingSet, context: FitContext) => Promise<Stage>
}

/** What is tried unless the caller says otherwise: the classifiers for few rows, then two plain ones to beat. */
export const fewShotCandidates: readonly CandidateRequest[] = [
  'nearest-class-mean',
  { classifier: 'prototypes', options: { metric: 'cosine' } },
  { classifier: 'prototypes', options: { metric: 'euclidean' } },
  'cosine-classifier',
  'logistic-regression',
  { classifier: 'nearest-neighbour', options: { metric: 'cosine' } },
]

/**
 * Candidates with their settings checked. Throws `InvalidInputError` for none at all, an unknown classifier or setting, and
 * for two of one name.
 */
export function findCandidates(requests: readonly CandidateRequest[]): Candidate[] {
  if (requests.length === 0) throw new InvalidInputError('there is no classifier to try: name one or more')
  const candidates = requests.map(candidateOf)
  const names = candidates.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return candidates
  throw new InvalidInputError(`two classifiers to try are named "${twice}": give them different settings or names`)
}

function candidateOf(request: CandidateRequest): Candidate {
  const given = typeof request === 'string' ? { classifier: request } : request
  const classifier: Classifier = findClassifier(given.classifier)
  const options = parseSettings(`classifier "${classifier.id}"`, classifier.options, given.options ?? {})
  const settings = Object.entries(given.options ?? {}).map(([name, value]) => ` ${name}=${value}`)
  return {
    name: given.name ?? `${classifier.id}${settings.join('')}`,
    classifier: classifier.id,
    options,
    fit: (set, context) => classifier.fit(set, options, context),
  }
}
