import { InvalidInputError } from '../../errors.ts'
import type { Tensor } from '../../tensor/index.ts'

/**
 * Throws `InvalidInputError` where scores are not `N × C`, where targets are neither `N` class numbers below `C` nor
 * `N × C` probabilities, and where there are other than `C` class weights. A class that is none would otherwise count as
 * a target without any mass, and teach nothing.
 */
export function checkClasses(
  logits: string,
  dims: readonly number[],
  target: string,
  targets: Tensor,
  classWeights: readonly number[] | undefined,
): void {
  const [rows, classes] = dims
  if (rows === undefined || classes === undefined || dims.length !== 2) {
    throw new InvalidInputError(
      `the scores "${logits}" have the shape [${dims.join(', ')}]: samples × classes is expected`,
    )
  }
  if (classWeights !== undefined && classWeights.length !== classes) {
    throw new InvalidInputError(
      `there are ${classWeights.length} class weights: one for each of ${classes} classes is expected`,
    )
  }
  const hard = !targets.type.startsWith('float')
  const expected = hard ? [rows] : [rows, classes]
  if (targets.dims.length !== expected.length || targets.dims.some((dim, i) => dim !== expected[i])) {
    throw new InvalidInputError(
      `the targets "${target}" are ${targets.type} [${targets.dims.join(', ')}]: class numbers [${rows}] or probabilities [${rows}, ${classes}] are expected`,
    )
  }
  if (hard) checkRange(target, targets, classes)
}

function checkRange(name: string, { data }: Tensor, classes: number): void {
  const numbers = data as ArrayLike<number | bigint>
  for (let i = 0; i < numbers.length; i++) {
    const number = Number(numbers[i])
    if (number >= 0 && number < classes) continue
    throw new InvalidInputError(
      `the target of sample ${i} of the batch ("${name}") is ${number}: a class from 0 to ${classes - 1} is expected; leave samples without a label out, or give them a sample weight of 0 and any class`,
    )
  }
}
