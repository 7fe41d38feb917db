import { z } from 'zod'
import { softmaxStage } from '../../../classifiers/index.ts'
import { cholesky, medianBandwidth, rbfKernelStage, solveUpper } from '../../../linalg/index.ts'
import { composeStages, identityStage } from '../../../onnx/index.ts'
import { applyStages } from '../../../runtime/index.ts'
import { type Matrix, matrix, rowOf, sliceRows, stackRows } from '../../../tensor/index.ts'
import { requireMemory } from '../../memory.ts'
import { defineMethod } from '../../method.ts'
import { isLabelled, poolProblem } from '../../rows.ts'
import { fromSpan, type SpannedRows, spannedRows } from '../row-span.ts'
import { progressiveMargins } from './progressive-margins.ts'

/** Added to the kernel's diagonal so that rows that are there twice leave it positive definite. */
const JITTER = 1e-8

/**
 * The domain adaptation support vector machine (Bruzzone 2010), each class against the rest: it starts on the source and goes
 * over to the target in steps, in which target rows inside the margin join with the side they are on and source rows far
 * from the hyperplane leave, until none is left and the target's rows settle. Weights of target rows grow and those of source
 * rows fall quadratically with the steps. Violations cost their squares, as in the linear support vector machine.
 */
export const dasvm = defineMethod({
  id: 'dasvm',
  name: 'Domain Adaptation Support Vector Machine',
  family: 'feature',
  paper: {
    authors: 'Bruzzone, Marconcini',
    year: 2010,
    title: 'Domain Adaptation Problems: A DASVM Classification Technique and a Circular Validation Strategy',
  },
  summary:
    'Trades source rows for pseudo-labelled target rows of the margin, step by step, in support vector machines.',
  cost: 'O(n d C) per step and iteration; rbf: O(n³) once + O(n² C)',
  needs: {
    sourceLabels: 'some',
    targetLabels: 'none',
    features: 'same',
    task: 'classification',
    memory: 'quadratic by setting',
  },
  options: z.strictObject({
    c: z
      .number()
      .positive()
      .default(1)
      .describe('weight of margin violations against the machines’ size: larger follows the labels more'),
    kernel: z.enum(['linear', 'rbf']).default('linear').describe('linear: xᵀy; rbf: exp(−‖x−y‖²/2σ²)'),
    bandwidth: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('σ of the rbf kernel; null: the median distance of the rows'),
    batch: z
      .number()
      .positive()
      .max(1)
      .default(0.05)
      .describe('part of the target’s rows that joins on each side in a step: larger is faster and less careful'),
    leastWeight: z
      .number()
      .positive()
      .max(1)
      .default(0.1)
      .describe(
        'part of its full weight that a target row begins with, and a source row ends with: larger moves faster to the target',
      ),
    growth: z
      .number()
      .int()
      .positive()
      .default(10)
      .describe('steps over which weights grow and fall: more trust pseudo-labels later'),
    tolerance: z
      .number()
      .nonnegative()
      .max(1)
      .default(0.03)
      .describe('part of the target’s rows that may still join or change sides at the end: larger ends sooner'),
    iterations: z.number().int().positive().max(10000).default(100).describe('steps at most'),
  }),
  async fit(problem, options, context) {
    const pooled = poolProblem(problem)
    const { runtime } = context
    const x = stackRows([pooled.source.features, pooled.target.features])
    const labels = Int32Array.from([...pooled.source.labels, ...pooled.target.labels])
    const present = Int32Array.from(new Set(labels.filter(isLabelled).toSorted()))
    let spanned: SpannedRows = { rows: x }
    let rows = x
    let factor: Matrix | undefined
    let stage = identityStage
    let bandwidth: number | undefined
    if (options.kernel === 'rbf') {
      requireMemory(context, 3 * x.rows ** 2, `the rbf kernel of all ${x.rows} rows`, 'set kernel=linear')
      bandwidth = options.bandwidth ?? (await medianBandwidth(runtime, x))
      stage = rbfKernelStage(x, bandwidth)
      const kernel = await applyStages(runtime, [stage], x)
      for (let i = 0; i < x.rows; i++) kernel.data[i * (x.rows + 1)] += JITTER
      factor = cholesky(kernel)
      rows = factor
    } else {
      spanned = await spannedRows(runtime, x)
      rows = spanned.rows
    }
    const { weights, steps, sourceLeft } = await progressiveMargins(
      runtime,
      withOnes(rows),
      { labels, sourceRows: pooled.source.features.rows, present },
      {
        c: options.c,
        batch: Math.ceil(options.batch * pooled.unlabelled),
        least: options.leastWeight,
        growth: options.growth,
        tolerated: Math.ceil(options.tolerance * pooled.unlabelled),
        iterations: options.iterations,
        step: (done) => {
          context.signal?.throwIfAborted()
          context.progress(done, options.iterations)
        },
      },
    )
    const linear = sliceRows(weights, 0, rows.columns)
    const decision = {
      weights: factor === undefined ? await fromSpan(runtime, spanned, linear) : solveUpper(factor, linear),
      intercepts: rowOf(weights, rows.columns).slice(),
    }
    return {
      source: pooled.source.features,
      target: sliceRows(pooled.target.features, 0, pooled.unlabelled),
      embed: identityStage,
      classifier: composeStages([stage, softmaxStage(decision, present, pooled.classes)]),
      facts: { steps, sourceLeft, ...(bandwidth === undefined ? {} : { bandwidth }) },
    }
  },
})

/** The rows with a column of ones at the end: its weight is the intercept. */
function withOnes(rows: Matrix): Matrix {
  const result = matrix(rows.rows, rows.columns + 1)
  for (let i = 0; i < rows.rows; i++) {
    rowOf(result, i).set(rowOf(rows, i))
    rowOf(result, i)[rows.columns] = 1
  }
  return result
}
