import { splitRows } from '../data/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Random } from '../tensor/index.ts'

/** Class numbers of both tasks; a class may be in neither. */
export interface ClassSplit {
  readonly a: readonly number[]
  readonly b: readonly number[]
}

/** Random halves, drawn anew for each repetition (similar tasks), or given ones (dissimilar tasks). */
export type SplitChoice = 'random' | ClassSplit

/** The classes of both tasks; of an odd number of classes, B gets the one left over. */
export function drawSplit(classes: number, choice: SplitChoice, random: Random): ClassSplit {
  if (choice !== 'random') return choice
  const order = [...random.permutation(classes)]
  const half = Math.floor(classes / 2)
  const ascending = (part: number[]) => part.sort((one, other) => one - other)
  return { a: ascending(order.slice(0, half)), b: ascending(order.slice(half)) }
}

/** Throws `InvalidInputError` unless both tasks have two classes or more, and none in common. */
export function checkSplit(classes: number, choice: SplitChoice): void {
  if (choice === 'random') {
    if (classes >= 4) return
    throw new InvalidInputError(`two tasks of two classes each need four classes, got ${classes}`)
  }
  const all = [...choice.a, ...choice.b]
  const unknown = all.find((one) => !Number.isInteger(one) || one < 0 || one >= classes)
  const twice = all.find((one, i) => all.indexOf(one) !== i)
  if (unknown !== undefined) throw new InvalidInputError(`the split names class ${unknown} of ${classes}`)
  if (twice !== undefined) throw new InvalidInputError(`the split names class ${twice} twice: each belongs to one task`)
  if (choice.a.length >= 2 && choice.b.length >= 2) return
  throw new InvalidInputError(
    `each task needs two classes or more, got ${choice.a.length} in A and ${choice.b.length} in B`,
  )
}

/** Row numbers of a task. */
export interface TaskRows {
  readonly train: Int32Array
  readonly test: Int32Array
}

/**
 * The rows of some classes, in two parts: `heldOut` of each class to score on, and of the others at most `rowsPerClass` to
 * train on. Throws `InvalidInputError` where a part would be empty.
 */
export function taskRows(
  labels: Int32Array,
  classes: readonly number[],
  { heldOut, rowsPerClass }: { readonly heldOut: number; readonly rowsPerClass?: number | undefined },
  random: Random,
): TaskRows {
  const rows = Int32Array.from(labels.keys()).filter((row) => classes.includes(labels[row]!))
  const among = (from: Int32Array, chosen: Int32Array) => chosen.map((i) => from[i]!)
  const labelsOf = (from: Int32Array) => from.map((row) => labels[row]!)
  const { part, rest } = splitRows(labelsOf(rows), { fraction: heldOut }, random.fork('held out'))
  const test = among(rows, part)
  const left = among(rows, rest)
  const counts = classes.map((one) => labelsOf(left).filter((label) => label === one).length)
  const empty = counts.indexOf(0)
  if (empty >= 0)
    throw new InvalidInputError(`class ${classes[empty]} has no rows to train on: give more labelled rows`)
  if (rowsPerClass === undefined || Math.max(...counts) <= rowsPerClass) return { train: left, test }
  return { train: among(left, fewest(labelsOf(left), rowsPerClass, random.fork('training'))), test }
}

/** At most `most` rows of each class, ascending. */
function fewest(labels: Int32Array, most: number, random: Random): Int32Array {
  const seen = new Map<number, number>()
  const kept = random.permutation(labels.length).filter((row) => {
    const count = (seen.get(labels[row]!) ?? 0) + 1
    seen.set(labels[row]!, count)
    return count <= most
  })
  return kept.sort()
}
