import { z } from 'zod'
import { multiply } from '../../../linalg/index.ts'
import { composeStages, identityStage, unitRowsStage } from '../../../onnx/index.ts'
import { applyStages } from '../../../runtime/index.ts'
import { type Matrix, matrix } from '../../../tensor/index.ts'
import { requireMemory } from '../../memory.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem } from '../../rows.ts'
import { componentOptions, componentsOption } from '../component-options.ts'
import { classesWithRows, discrepancy } from '../discrepancy.ts'
import { discrepancySubspace } from '../discrepancy-subspace.ts'
import { pseudoLabelRounds, pseudoLabels } from '../pseudo-label-rounds.ts'
import { type CoupledMaps, coupledSpace } from './coupled-space.ts'
import { coordinateKernels, domainCoordinates } from './domain-coordinates.ts'

/**
 * Residual of the components that serve only to refine pseudo-labels. A tenth of what other methods have: rounds lead to one
 * another here, and with more single tasks end a point and more beside those of exact rounds.
 */
const ROUGH = 3e-5

const weight = (preset: number, of: string) => z.number().positive().default(preset).describe(`weight of ${of}`)

/**
 * Joint geometrical and statistical alignment (Zhang 2017): two coupled projections, `A` for the source and `B` for the
 * target, that maximise `μ tr(BᵀS_tB) + β tr(AᵀS_bA)` (the target's variance, the source's scatter between classes) against
 * `tr([A; B]ᵀ M [A; B]) + λ‖A − B‖² + β tr(AᵀS_wA) + μ‖B‖²` (the discrepancies of domains and classes, the divergence of
 * the subspaces, the scatter within classes), in rounds of pseudo-labels that begin with those of the classifier alone.
 *
 * In its kernel form `A` and `B` are maps of the kernel's space, `A = Φα` with `Φ` the rows of both domains there around their
 * mean, which is also where the target's variance is measured from. With coordinates in which products of rows are the
 * kernel's values it is the same problem.
 */
export const jgsa = defineMethod({
  id: 'jgsa',
  name: 'Joint Geometrical and Statistical Alignment',
  family: 'feature',
  paper: {
    authors: 'Zhang, Li, Ogunbona',
    year: 2017,
    title: 'Joint Geometrical and Statistical Alignment for Visual Domain Adaptation',
  },
  summary:
    'Projects each domain by its own map, the two kept alike, so that domains and classes agree and classes part.',
  cost: 'O(n d² + d³) + O(d² k) per iteration and round; rbf: O(n³) + O(n² k)',
  needs: {
    sourceLabels: 'some',
    targetLabels: 'none',
    features: 'same',
    task: 'classification',
    memory: 'quadratic by setting',
  },
  options: z.strictObject({
    components: componentsOption(30),
    divergence: weight(1, 'the divergence of the two subspaces (λ): larger values make the maps more alike'),
    variance: weight(1, 'the target’s variance (μ): larger keeps more of how its rows vary'),
    discrimination: weight(0.1, 'the source’s scatter between and within classes (β): larger parts the classes more'),
    marginalWeight: z
      .number()
      .nonnegative()
      .nullable()
      .default(null)
      .describe(
        'weight of the domains’ discrepancy beside one for each class: larger aligns whole domains rather than classes; null: the number of classes, as in the authors’ code, 1: as in the paper’s formula',
      ),
    dividedBy: z
      .enum(['marginal', 'all'])
      .default('marginal')
      .describe(
        'what scales the discrepancies to norm 1: the domains’ alone, as in the authors’ code, so that those of the classes weigh more, or all together',
      ),
    kernel: z
      .enum(coordinateKernels)
      .default('primal')
      .describe(
        'primal: maps of the features; linear: xᵀy, rbf: exp(−‖x−y‖²/2σ²), the paper’s kernel form, around the mean of all rows',
      ),
    bandwidth: componentOptions.bandwidth,
    scaling: z
      .enum(['constraint', 'unit'])
      .default('constraint')
      .describe(
        'length of a component: such that the part to be small is 1, as in the paper, or 1 for its two maps together, as in the authors’ code, for far fewer components than features',
      ),
    iterations: z.number().int().positive().max(1000).default(10).describe('rounds of pseudo-labels at most'),
    unitRows: z.boolean().default(true).describe('rows are brought to unit length before, as the authors’ code does'),
  }),
  async fit(problem, options, context) {
    const pooled = poolProblem(problem)
    const { classes } = pooled
    const { runtime } = context
    const normalise = options.unitRows ? unitRowsStage : identityStage
    const own = await applyStages(runtime, [normalise], pooled.source.features)
    const others = await applyStages(runtime, [normalise], pooled.target.features)
    const n = own.rows + others.rows
    if (options.kernel === 'rbf') {
      requireMemory(context, 28 * n ** 2, `the rbf kernel's matrices of all pairs of ${n} rows`, 'set kernel=linear')
    }
    const coordinates = await domainCoordinates(context, own, others, options.kernel, options.bandwidth)
    const { source, target, bandwidth } = coordinates
    const space = await coupledSpace(runtime, source, target, pooled.source.labels, classes, {
      ...options,
      origin: options.kernel === 'primal' ? 'mean' : 'zero',
    })
    const marginalWeight = options.marginalWeight ?? classesWithRows(pooled.source.labels, classes)
    let start: Matrix | undefined
    return pseudoLabelRounds(pooled, context, {
      iterations: options.iterations,
      first: await pseudoLabels(pooled, context, { source: own, target: others }),
      solve: async (labels, last) => {
        const terms = discrepancy(pooled.source.labels, labels, target.rows, classes, marginalWeight, {
          dividedBy: options.dividedBy,
        })
        const solver = { start, ...(last ? {} : { tolerance: ROUGH }) }
        const { coefficients, values, block } = await discrepancySubspace(
          runtime,
          space,
          terms,
          options.components,
          1,
          solver,
        )
        start = block
        const found = await space.projections(coefficients)
        const maps = options.scaling === 'unit' ? unitMaps(found) : found
        return {
          source: await multiply(runtime, source, maps.source),
          target: await multiply(runtime, target, maps.target),
          embed: composeStages([normalise, await coordinates.embed(maps.target)]),
          facts: {
            components: coefficients.columns,
            objective: values.reduce((sum, value) => sum + value, 0),
            ...(bandwidth === undefined ? {} : { bandwidth }),
          },
        }
      },
    })
  },
})

/** Both maps with each component (a column of `[A; B]`) brought to length 1. */
function unitMaps({ source, target }: CoupledMaps): CoupledMaps {
  const k = source.columns
  const squares = new Float64Array(k)
  for (const { data } of [source, target]) {
    for (let at = 0; at < data.length; at++) squares[at % k]! += data[at]! ** 2
  }
  const unit = ({ rows, columns, data }: Matrix): Matrix =>
    matrix(
      rows,
      columns,
      data.map((value, at) => (squares[at % k]! > 0 ? value / Math.sqrt(squares[at % k]!) : 0)),
    )
  return { source: unit(source), target: unit(target) }
}
