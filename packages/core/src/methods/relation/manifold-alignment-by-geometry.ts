import { z } from 'zod'
import { multiply } from '../../linalg/index.ts'
import { combination, jointSpace } from '../feature/spaces/joint-space.ts'
import { relativeDirections } from '../feature/spaces/relative-directions.ts'
import { featureTransfer } from '../feature-transfer.ts'
import { requireMemory } from '../memory.ts'
import { defineMethod } from '../method.ts'
import { poolProblem } from '../rows.ts'
import { geometryWeights } from './geometry-weights.ts'
import { jointGraph } from './joint-graph.ts'

/**
 * Manifold alignment without correspondence (Wang and Mahadevan 2009): linear maps of both domains into a common space, as in
 * `manifold-alignment`, where nothing says which rows belong together. Each row is compared by its local geometry, the
 * distances among itself and its nearest rows, in whatever order and at whatever scale fits best; rows of the two domains are
 * joined by `exp(−distance/δ²)`, and the directions are those of the one graph over both.
 *
 * A pattern says little of where a row lies unless the same things, or nearly, were seen in both domains: geometry is then
 * the same up to turning and scale. Beyond the paper, what else is known counts where it is there: labelled rows of one
 * class are joined, of different ones not, and where both domains have as many features, rows near in these are preferred.
 */
export const manifoldAlignmentByGeometry = defineMethod({
  id: 'manifold-alignment-by-geometry',
  name: 'Manifold Alignment without Correspondence',
  family: 'relation',
  paper: { authors: 'Wang, Mahadevan', year: 2009, title: 'Manifold Alignment without Correspondence' },
  summary: 'Joins two feature spaces with no row known in both, by how the rows lie around each row.',
  cost: 'O(n² k² k!) for patterns of k rows + O(n² d + d³)',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'different', task: 'either', memory: 'quadratic' },
  options: z.strictObject({
    components: z
      .number()
      .int()
      .positive()
      .default(3)
      .describe('dimension of the common space, at most: more than the manifolds have lets the domains part'),
    patternRows: z
      .number()
      .int()
      .min(2)
      .max(7)
      .default(5)
      .describe('nearest rows whose distances make a row’s pattern: more tell rows apart better, at k! times the work'),
    patternDistance: z
      .enum(['relative', 'absolute'])
      .default('relative')
      .describe(
        'how far patterns are from each other: as a part of their lengths, or, as in the paper, what is left of the shorter one, so that dense places go with everything',
      ),
    matches: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(1)
      .describe(
        'rows of the other domain that each row is joined to, those of the nearest patterns; null: all, as in the paper',
      ),
    delta: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe(
        'δ of the weights exp(−distance/δ²): larger tells less between patterns; null: δ² is the median distance of rows that are joined',
      ),
    mu: z
      .number()
      .positive()
      .default(10)
      .describe(
        'μ: weight of what joins the domains against all neighbourhoods together: larger brings rows of like geometry closer',
      ),
    neighbours: z
      .number()
      .int()
      .positive()
      .default(10)
      .describe('how many nearest rows of its domain a row is joined to: more keep larger neighbourhoods together'),
    featureWeight: z
      .number()
      .nonnegative()
      .default(1)
      .describe(
        'how strongly rows that are far apart in the features themselves are not joined, where both domains have as many; 0: geometry alone, as in the paper',
      ),
    labelWeight: z
      .number()
      .nonnegative()
      .default(10)
      .describe(
        'weight of all joins between labelled rows of one class against all by geometry, where labelled target rows are given: larger trusts geometry less; 0: labels are left aside',
      ),
    regularisation: z
      .number()
      .nonnegative()
      .default(1e-3)
      .describe('added to the left matrix’s diagonal, as a part of its mean element; raise it where features are many'),
  }),
  async fit(problem, { components, mu, neighbours, regularisation, ...options }, context) {
    const pooled = poolProblem(problem)
    const [n, m] = [pooled.source.features.rows, pooled.target.features.rows]
    requireMemory(context, 6 * n * m, `the distances of all pairs of patterns of ${n} and ${m} rows`)
    const space = await jointSpace(context, pooled)
    const size = space.source.columns + space.target.columns
    requireMemory(context, 6 * size ** 2, `the eigenproblem of all ${size} features`)
    const weights = await geometryWeights(context, pooled, options)
    const total = (rows: boolean): Float64Array => {
      const sums = new Float64Array(rows ? n : m)
      for (let at = 0; at < weights.data.length; at++) sums[rows ? Math.floor(at / m) : at % m] += weights.data[at]
      return sums
    }
    const seen = await multiply(context.runtime, weights, space.target)
    const between = {
      source: total(true),
      target: total(false),
      across: await multiply(context.runtime, space.source, seen, { a: true }),
    }
    const { laplacian, degrees, edges } = await jointGraph(context, space, between, mu, neighbours)
    const { ratios, directions } = await relativeDirections(
      context.runtime,
      combination([[1 / edges, degrees]]),
      combination([[1 / edges, laplacian]]),
      components,
      regularisation,
    )
    return featureTransfer(pooled, await space.stages(directions), context, {
      components: ratios.length,
      eigenvalue: 1 / ratios[0],
    })
  },
})
