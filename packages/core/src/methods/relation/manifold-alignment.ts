import { z } from 'zod'
import { multiply } from '../../linalg/index.ts'
import { type Matrix, matrix, rowOf } from '../../tensor/index.ts'
import { combination, type JointSpace, jointSpace } from '../feature/spaces/joint-space.ts'
import { type LinkedRows, type Links, linkOption, linkRows } from '../feature/spaces/links.ts'
import { relativeDirections } from '../feature/spaces/relative-directions.ts'
import { featureTransfer } from '../feature-transfer.ts'
import { requireMemory } from '../memory.ts'
import { defineMethod, type MethodContext } from '../method.ts'
import { poolProblem } from '../rows.ts'
import { type CrossWeights, jointGraph } from './joint-graph.ts'

/**
 * Manifold alignment with correspondences, feature level (Wang and Mahadevan 2009): linear maps of both domains into a
 * common space that keep linked rows of the two together, and neighbours within each domain. With the weights
 * `W = [W_s, μ′W_st; μ′W_stᵀ, W_t]` of one graph over both, its degrees `D` and `L = D − W`, the directions are the smallest
 * eigenvalues of `Z L Zᵀ γ = λ Z D Zᵀ γ`, `Z` holding the rows of both in the joint space. As in the
 * authors' code, `μ′` is `μ` times the ratio of the edges within the domains to those between them.
 *
 * Correspondences are the pairs of rows that are known in both domains, or, as in their paper of 2011, all labelled rows of
 * one class; of the two, `dama` also pushes different classes apart.
 */
export const manifoldAlignment = defineMethod({
  id: 'manifold-alignment',
  name: 'Manifold Alignment',
  family: 'relation',
  paper: { authors: 'Wang, Mahadevan', year: 2009, title: 'A General Framework for Manifold Alignment' },
  summary:
    'Maps two feature spaces into one where rows known in both meet and the neighbours within each stay neighbours.',
  cost: 'O(n² d + d³)',
  needs: {
    sourceLabels: 'some',
    targetLabels: 'some',
    features: 'different',
    task: 'either',
    memory: 'linear',
    pairs: 'used',
  },
  options: z.strictObject({
    components: z.number().int().positive().default(30).describe('dimension of the common space, at most'),
    mu: z
      .number()
      .positive()
      .default(1)
      .describe(
        'μ: weight of all correspondences together against all neighbourhoods together: larger brings linked rows closer',
      ),
    neighbours: z
      .number()
      .int()
      .positive()
      .default(10)
      .describe('how many nearest rows of its domain a row is joined to: more keep larger neighbourhoods together'),
    regularisation: z
      .number()
      .nonnegative()
      .default(1e-3)
      .describe('added to the left matrix’s diagonal, as a part of its mean element; raise it where features are many'),
    scaling: z
      .enum(['eigenvalue', 'unit'])
      .default('eigenvalue')
      .describe(
        'length of a common dimension: one over the root of its eigenvalue, so that dimensions in which linked rows and neighbours differ count little in distances, or 1',
      ),
    ...linkOption,
  }),
  async fit(problem, { components, mu, neighbours, regularisation, scaling, links: wanted }, context) {
    const pooled = poolProblem(problem)
    const links = linkRows('manifold-alignment', problem, pooled, wanted)
    const space = await jointSpace(context, pooled)
    const size = space.source.columns + space.target.columns
    requireMemory(context, 6 * size ** 2, `the eigenproblem of all ${size} features`)
    const { laplacian, degrees, edges } = await jointGraph(
      context,
      space,
      await linkWeights(context, space, links),
      mu,
      neighbours,
    )
    const { ratios, directions } = await relativeDirections(
      context.runtime,
      combination([[1 / edges, degrees]]),
      combination([[1 / edges, laplacian]]),
      components,
      regularisation,
    )
    const k = ratios.length
    // So far γᵀZLZᵀγ = 1; the paper's constraint is γᵀZDZᵀγ = 1, both as parts of all weights.
    const lengths = ratios.map((ratio) => (scaling === 'unit' && ratio > 0 ? 1 / Math.sqrt(ratio) : 1))
    for (let at = 0; at < directions.data.length; at++) directions.data[at] *= lengths[at % k]
    return featureTransfer(pooled, await space.stages(directions), context, {
      components: k,
      eigenvalue: 1 / ratios[0],
    })
  },
})

/** Each linked row of a group joined to each of the other side, with weight 1. */
async function linkWeights(
  { runtime }: Pick<MethodContext, 'runtime'>,
  { source, target }: JointSpace,
  links: Links,
): Promise<CrossWeights> {
  const groups = links.weights.length
  const [a, b] = [groupRows(source, links.source, groups), groupRows(target, links.target, groups)]
  const partners = (count: number, { rows, groups }: LinkedRows, others: Float64Array): Float64Array => {
    const result = new Float64Array(count)
    rows.forEach((row, i) => {
      result[row] += others[groups[i]]
    })
    return result
  }
  return {
    source: partners(source.rows, links.source, b.counts),
    target: partners(target.rows, links.target, a.counts),
    across: await multiply(runtime, a.sums, b.sums, { a: true }),
  }
}

/** The sum of each group's rows (`m × d`), and how many they are. */
function groupRows(
  x: Matrix,
  { rows, groups }: LinkedRows,
  count: number,
): { readonly sums: Matrix; readonly counts: Float64Array } {
  const sums = matrix(count, x.columns)
  const counts = new Float64Array(count)
  rows.forEach((row, i) => {
    const [from, to] = [rowOf(x, row), rowOf(sums, groups[i])]
    for (let j = 0; j < to.length; j++) to[j] += from[j]
    counts[groups[i]]++
  })
  return { sums, counts }
}
