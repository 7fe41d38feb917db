import type { Random, Tensor } from '../../../tensor/index.ts'
import type { TrainingData } from '../../../training/index.ts'
import { type BatchLayout, length } from './batch-layout.ts'
import type { DeepProblem, DeepRows } from './deep-problem.ts'
import { type RowStream, rowStream } from './row-stream.ts'

/** The inputs of a step that hold class indices: of the source's rows and of the labelled target rows. */
export const LABELS = 'labels'
export const TARGET_LABELS = 'target labels'

/** Changes rows (`n × features`) at random: a view of them. */
export type View = (rows: Float32Array, count: number, random: Random) => Float32Array

/** What changes the rows of batches. */
export interface BatchViews {
  /** All rows with labels: the source's and labelled ones of the target. */
  readonly labelled?: View
  /** The target's rows. */
  readonly first?: View
  /** Further copies of the target's rows. */
  readonly views?: readonly View[]
}

/** Which rows of each domain a batch has. */
export interface DrawnRows {
  readonly sources: readonly Int32Array[]
  readonly target: Int32Array
  readonly labelled: Int32Array
}

export interface DomainBatches extends TrainingData {
  /** The rows of a step, counted from 0 over the whole stage. */
  drawn(step: number): DrawnRows
}

/** Batches of all domains at once, each in its own order, for one stage of training. */
export function domainBatches(
  problem: DeepProblem,
  layout: BatchLayout,
  input: { readonly name: string; readonly dims: readonly number[] },
  { random, labelled: changed, first, views = [] }: BatchViews & { readonly random: Random },
): DomainBatches {
  const streams = {
    sources: problem.sources.map(({ rows }, i) => rowStream(rows, random.fork(`source ${i}`))),
    target: rowStream(problem.target.rows, random.fork('target')),
    labelled: rowStream(problem.labelledTarget?.rows ?? 1, random.fork('labelled target')),
  }
  const take = (stream: RowStream, step: number, count: number) =>
    count === 0 ? new Int32Array() : stream(step * count, count)
  const drawn = (step: number): DrawnRows => ({
    sources: streams.sources.map((stream, i) => take(stream, step, length(layout.sources[i]!))),
    target: take(streams.target, step, length(layout.target)),
    labelled: take(streams.labelled, step, length(layout.labelled)),
  })
  return {
    rows: layout.steps * layout.rows,
    order: 'kept',
    drawn,
    batch(places, epoch) {
      const step = (epoch - 1) * layout.steps + Math.floor(places[0]! / layout.rows)
      const { sources, target, labelled } = drawn(step)
      const width = problem.target.features
      const x = new Float32Array(layout.rows * width)
      for (const [i, rows] of sources.entries()) fill(x, problem.sources[i]!, rows, layout.sources[i]!.from)
      fill(x, problem.target, target, layout.target.from)
      if (problem.labelledTarget !== undefined) fill(x, problem.labelledTarget, labelled, layout.labelled.from)
      const looked = first !== undefined || views.length > 0
      const plain = looked ? x.slice(layout.target.from * width, layout.target.to * width) : new Float32Array()
      const seen = random.fork(`view ${step}`)
      if (changed !== undefined) {
        for (const { from, to } of [layout.source, layout.labelled].filter((range) => length(range) > 0)) {
          const rows = x.slice(from * width, to * width)
          x.set(changed(rows, to - from, seen.fork(`labelled from ${from}`)), from * width)
        }
      }
      if (first !== undefined) x.set(first(plain, target.length, seen.fork('first')), layout.target.from * width)
      for (const [i, view] of views.entries()) {
        x.set(view(plain, target.length, seen.fork(`${i}`)), layout.views[i]!.from * width)
      }
      return {
        [input.name]: { type: 'float32', dims: [layout.rows, ...input.dims], data: x },
        ...(length(layout.source) > 0 && {
          [LABELS]: classTensor(sources.flatMap((rows, i) => [...rows].map((row) => problem.sources[i]!.labels[row]!))),
        }),
        ...(length(layout.labelled) > 0 && {
          [TARGET_LABELS]: classTensor([...labelled].map((row) => problem.labelledTarget!.labels[row]!)),
        }),
      }
    },
  }
}

function fill(x: Float32Array, { data, features }: DeepRows, rows: Int32Array, from: number): void {
  rows.forEach((row, i) => {
    x.set(data.subarray(row * features, (row + 1) * features), (from + i) * features)
  })
}

const classTensor = (classes: readonly number[]): Tensor => ({
  type: 'int64',
  dims: [classes.length],
  data: BigInt64Array.from(classes, BigInt),
})
