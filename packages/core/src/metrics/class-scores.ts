import { confusionMatrix } from './confusion-matrix.ts'

/** How well one class is found. What would be divided by zero is 0. */
export interface ClassScores {
  /** Rows rightly given to the class / rows given to it. */
  readonly precision: number
  /** Rows rightly given to the class / rows of it. */
  readonly recall: number
  /** `2·precision·recall / (precision + recall)`. */
  readonly f1: number
  /** Rows of the class. */
  readonly support: number
  /** Rows given to the class. */
  readonly predictions: number
}

/** Precision, recall, F1 and support of each class. Rows without a true label are left out. */
export function perClassScores(predicted: Int32Array, truth: Int32Array, classes: number): ClassScores[] {
  const { data } = confusionMatrix(predicted, truth, classes)
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b)
  return Array.from({ length: classes }, (_, c) => {
    let support = 0
    let predictions = 0
    for (let other = 0; other < classes; other++) {
      support += data[c * classes + other]
      predictions += data[other * classes + c]
    }
    const hits = data[c * classes + c]
    const f1 = ratio(2 * hits, support + predictions)
    return { precision: ratio(hits, predictions), recall: ratio(hits, support), f1, support, predictions }
  })
}

/** The mean recall of the classes that have rows (scikit-learn's `balanced_accuracy_score`). */
export function balancedAccuracy(predicted: Int32Array, truth: Int32Array, classes: number): number {
  return mean(
    perClassScores(predicted, truth, classes)
      .filter((scores) => scores.support > 0)
      .map((scores) => scores.recall),
  )
}

/** The mean F1 of the classes that have rows or were predicted (scikit-learn's `f1_score(average='macro')`). */
export function macroF1(predicted: Int32Array, truth: Int32Array, classes: number): number {
  return mean(
    perClassScores(predicted, truth, classes)
      .filter((scores) => scores.support + scores.predictions > 0)
      .map((scores) => scores.f1),
  )
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
