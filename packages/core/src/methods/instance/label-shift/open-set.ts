import { z } from 'zod'
import { identityStage, unitRowsStage } from '../../../onnx/index.ts'
import { applyStages } from '../../../runtime/index.ts'
import { sliceRows } from '../../../tensor/index.ts'
import { defineMethod } from '../../method.ts'
import { isLabelled, labelledRows, poolProblem } from '../../rows.ts'
import { assign, classMeans, transform } from './assign-and-transform.ts'
import { OUTLIER } from './covering-assignment.ts'
import { rejectingStage } from './rejecting-stage.ts'

/** Rounds end where the energy changes by less than this share of what it was at first, as in the authors' code. */
const SETTLED = 0.01

/**
 * Open set domain adaptation by assigning and transforming in turn (Panareda Busto 2017, ATI): the target has classes that
 * the source lacks. Each round assigns the target's rows to the means of the source's classes or, as outliers, to none,
 * at the least total cost with a row for each class (`coveringAssignment`), and maps the source linearly so that the
 * means come closest to the rows assigned to them (`transform`); rounds end when no assignment changes, or their total
 * distance to the means hardly does. Distances are not squared and an outlier costs the middle between the least and the
 * greatest of them, as in the authors' code. Labelled target rows keep their class.
 *
 * The classifier learns from the mapped source. The source has no rows of an unknown class to learn from, unlike in the
 * paper's experiments, so that the assignment's own rule decides: a row is unknown where all means of the mapped classes
 * are further than an outlier costs. That asks for rows of unit length: without, the length of a row, more than its
 * class, decides how far from all means it is. The neighbourhood term of the paper's ATI-λ-N is left out.
 */
export const openSet = defineMethod({
  id: 'open-set',
  name: 'Open Set Adaptation by Assigning and Transforming',
  family: 'instance',
  paper: { authors: 'Panareda Busto, Gall', year: 2017, title: 'Open Set Domain Adaptation' },
  summary:
    'Maps the source’s classes to the target rows nearest to them, and calls rows that are far from all unknown.',
  cost: 'O(n d C + n C²) per round',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same', task: 'classification', memory: 'linear' },
  options: z.strictObject({
    outlierShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('what an unknown row costs, from the least (0) to the greatest (1) distance: lower rejects more rows'),
    unitRows: z
      .boolean()
      .default(true)
      .describe('bring rows to unit length first, so that direction alone tells known from unknown'),
    iterations: z.number().int().positive().max(1000).default(10).describe('rounds at most'),
  }),
  async fit(problem, { outlierShare: share, unitRows, iterations }, context) {
    const { runtime } = context
    const pooled = poolProblem(problem)
    const { unlabelled, classes } = pooled
    const normalise = unitRows ? unitRowsStage : identityStage
    const target = { ...pooled.target, features: await applyStages(runtime, [normalise], pooled.target.features) }
    let source = { ...pooled.source, features: await applyStages(runtime, [normalise], pooled.source.features) }
    const own = seenClasses(source.labels, classes)
    const given = seenClasses(target.labels, classes)
    const present = Int32Array.from(own.keys()).filter((c) => own[c] + given[c] > 0)
    const known = target.labels.map((label) => (isLabelled(label) ? present.indexOf(label) : OUTLIER))
    const movable = (assigned: Int32Array) =>
      assigned.map((k) => (k !== OUTLIER && own[present[k]] === 1 ? k : OUTLIER))

    let means = classMeans(source, target, present)
    const first = await assign(runtime, target.features, means, share, known)
    let assigned = first
    let rounds = 0
    for (let settled = false; !settled && rounds < iterations; rounds++) {
      context.signal?.throwIfAborted()
      const moved = await transform(runtime, source.features, means, target.features, movable(assigned.classes))
      source = { ...source, features: moved }
      means = classMeans(source, target, present)
      const next = await assign(runtime, target.features, means, share, known)
      const steady = Math.abs(next.energy - assigned.energy) < SETTLED * first.energy
      settled = steady || next.classes.every((c, t) => c === assigned.classes[t])
      assigned = next
      context.progress(rounds + 1, iterations)
    }
    const { outlierCost, nearest } = assigned
    const classifier = await context.classify(
      labelledRows({ ...pooled, source, target }, source.features, target.features),
    )
    const width = outlierCost > nearest ? (outlierCost - nearest) / 4 : 1
    return {
      source: source.features,
      target: sliceRows(target.features, 0, unlabelled),
      embed: normalise,
      classifier: rejectingStage(classifier, means, outlierCost, width),
      unknown: true,
      facts: { rounds, outlierCost, outliers: assigned.classes.subarray(0, unlabelled).filter((k) => k < 0).length },
    }
  },
})

/** 1 for each class that a row has. */
function seenClasses(labels: Int32Array, classes: number): Uint8Array {
  const seen = new Uint8Array(classes)
  for (const label of labels) if (isLabelled(label)) seen[label] = 1
  return seen
}
