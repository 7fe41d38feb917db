import { InvalidInputError } from '../errors.ts'
import { unknownName } from '../settings/index.ts'
import type { Classifier } from './classifier.ts'
import { cosineClassifier } from './cosine-classifier.ts'
import { decisionTree } from './decision-tree.ts'
import { linearSvm } from './linear-svm.ts'
import { logisticRegression } from './logistic-regression.ts'
import { nearestClassMean } from './nearest-class-mean.ts'
import { nearestNeighbour } from './nearest-neighbour.ts'
import { prototypes } from './prototypes.ts'
import { randomForest } from './random-forest.ts'
import { ridge } from './ridge.ts'

/** All classifiers on fixed features. */
export const classifiers: readonly Classifier[] = [
  nearestNeighbour,
  logisticRegression,
  linearSvm,
  ridge,
  prototypes,
  nearestClassMean,
  cosineClassifier,
  decisionTree,
  randomForest,
]

/** The classifier with this id; throws `InvalidInputError`, which lists the ids there are and names the nearest. */
export function findClassifier(id: string): Classifier {
  const found = classifiers.find((classifier) => classifier.id === id)
  if (found !== undefined) return found
  const ids = classifiers.map((classifier) => classifier.id)
  throw new InvalidInputError(unknownName('classifier', id, ids))
}
