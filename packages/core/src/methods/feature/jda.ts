import { z } from 'zod'
import { UNLABELLED } from '../../data/index.ts'
import { composeStages, identityStage, unitRowsStage } from '../../onnx/index.ts'
import { applyStages } from '../../runtime/index.ts'
import { type Matrix, sliceRows, stackRows } from '../../tensor/index.ts'
import { defineMethod, type Transfer } from '../method.ts'
import { labelledRows, poolProblem, predictedClasses } from '../rows.ts'
import { componentOptions, kernelOption } from './component-options.ts'
import { discrepancy } from './discrepancy.ts'
import { discrepancySubspace } from './discrepancy-subspace.ts'
import { kernelSpace } from './kernel-space.ts'

/**
 * Joint distribution adaptation (Long 2013): transfer components in which, besides the domains' means, the means of
 * each class agree. The target's classes are pseudo-labels, which the classifier gives anew from each round's
 * components (algorithm 1). Rounds end early where the pseudo-labels no longer change: all further ones are equal.
 */
export const jda = defineMethod({
  id: 'jda',
  name: 'Joint Distribution Adaptation',
  family: 'feature',
  paper: {
    authors: 'Long, Wang, Ding, Sun, Yu',
    year: 2013,
    title: 'Transfer Feature Learning with Joint Distribution Adaptation',
  },
  summary: 'Like TCA, and the means of each class agree too, by pseudo-labels that are refined in rounds.',
  cost: 'O(n d²) + O(d² k) per iteration and round; rbf: O(n² k)',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same' },
  options: z.strictObject({
    ...componentOptions,
    kernel: kernelOption('primal'),
    iterations: z.number().int().positive().max(1000).default(10).describe('rounds of pseudo-labels at most'),
    marginalWeight: z
      .number()
      .nonnegative()
      .nullable()
      .default(null)
      .describe(
        'weight of the marginal term beside one for each class; null: the number of classes, as the authors’ code has it',
      ),
  }),
  async fit(problem, options, context) {
    const pooled = poolProblem(problem)
    const { source, target, classes, unlabelled } = pooled
    const { runtime } = context
    const normalise = options.unitRows ? unitRowsStage : identityStage
    const x = await applyStages(runtime, [normalise], stackRows([source.features, target.features]))
    const space = await kernelSpace(runtime, x, options.kernel, options.bandwidth)
    const weight = options.marginalWeight ?? classes

    let labels: Int32Array | undefined
    let block: Matrix | undefined
    let transfer: Transfer | undefined
    let rounds = 0
    while (rounds < options.iterations) {
      context.signal?.throwIfAborted()
      const terms = discrepancy(source.labels, labels, target.features.rows, classes, weight)
      const subspace = await discrepancySubspace(runtime, space, terms, options.components, options.lambda, block)
      block = subspace.block
      const projection = [await space.embed(subspace.coefficients), normalise]
      const z = await applyStages(runtime, projection, x)
      const embedded = {
        source: sliceRows(z, 0, source.features.rows),
        target: sliceRows(z, source.features.rows, z.rows),
      }
      const classifier = await context.classify(labelledRows(pooled, embedded.source, embedded.target))
      const unlabelledRows = sliceRows(embedded.target, 0, unlabelled)
      transfer = {
        source: embedded.source,
        target: unlabelledRows,
        embed: composeStages([normalise, ...projection]),
        classifier,
        facts: {
          components: subspace.coefficients.columns,
          rounds: ++rounds,
          objective: subspace.values.reduce((sum, value) => sum + value, 0),
          ...(space.bandwidth === undefined ? {} : { bandwidth: space.bandwidth }),
        },
      }
      context.progress(rounds, options.iterations)
      const predicted = predictedClasses(await applyStages(runtime, [classifier], unlabelledRows))
      const next = target.labels.map((label, i) => (label === UNLABELLED ? predicted[i]! : label))
      if (labels !== undefined && next.every((label, i) => label === labels![i])) break
      labels = next
    }
    return transfer!
  },
})
