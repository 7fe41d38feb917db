import { z } from 'zod'
import { scatter } from '../../../linalg/index.ts'
import { affineStage, composeStages, identityStage, linearStage } from '../../../onnx/index.ts'
import type { Matrix } from '../../../tensor/index.ts'
import { featureTransfer } from '../../feature-transfer.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem } from '../../rows.ts'
import { columnMeans, hasFewRows, mapWithinSpan } from '../row-span.ts'
import { covarianceOf, gaussianMap } from './gaussian-map.ts'

/**
 * Linear optimal transport (Flamary, Lounici and Ferrari 2019): the optimal map between Gaussians with the means and
 * covariances of both domains, `x ↦ μ_t + A(x − μ_s)` (Knott and Smith 1984), moves the source rows. Of the maps that give the
 * source the target's mean and covariance, as CORAL does, it is the one that moves the rows least.
 */
export const linearOt = defineMethod({
  id: 'linear-ot',
  name: 'Linear Optimal Transport',
  family: 'feature',
  paper: {
    authors: 'Flamary, Lounici, Ferrari',
    year: 2019,
    title: 'Concentration Bounds for Linear Monge Mapping Estimation and Optimal Transport Domain Adaptation',
  },
  summary: 'Gives the source rows the mean and covariance of the target’s by the linear map that moves them least.',
  cost: 'O(n d² + d³)',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same', task: 'either', memory: 'linear' },
  options: z.strictObject({
    ridge: z
      .number()
      .positive()
      .default(1e-8)
      .describe('added to the diagonal of both covariances: larger values make the map more like a shift of the mean'),
  }),
  async fit(problem, { ridge }, context) {
    const pooled = poolProblem(problem)
    const [s, t] = [pooled.source.features, pooled.target.features]
    const { runtime } = context
    const mapOf = async (a: Matrix, b: Matrix) => {
      const [from, to] = [await scatter(runtime, a), await scatter(runtime, b)]
      return gaussianMap(runtime, covarianceOf(from, a.rows, ridge), covarianceOf(to, b.rows, ridge), ridge)
    }
    const map = hasFewRows(s, t) ? await mapWithinSpan(runtime, s, t, mapOf) : await mapOf(s, t)
    const ones = new Float64Array(s.columns).fill(1)
    const back = columnMeans(t).map((value) => -value)
    const source = composeStages([affineStage(columnMeans(s), ones), linearStage(map), affineStage(back, ones)])
    return featureTransfer(pooled, { source, target: identityStage }, context)
  },
})
