import { z } from 'zod'
import type { Runtime } from '../../../runtime/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { informationMaximisation } from '../losses/entropy.ts'
import { meanOver } from '../losses/graph-values.ts'
import { crossEntropies } from '../losses/predictions.ts'
import { deepSettings } from '../settings.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { softmaxRows } from '../trainer/selection.ts'
import { centroidLabels } from './centroid-labels.ts'
import { sourceFreeSettings, sourceStage } from './source-stage.ts'

const LABELS = 'pseudo-labels'

/**
 * Source hypothesis transfer (Liang 2020): of a network trained on the source the classifier is frozen, and what lies
 * before it learns on the target alone, so that predictions are sure and diverse (equations 2 to 4) and agree with
 * pseudo-labels of the nearest centroids (equations 5 to 7), renewed at the start of each epoch.
 */
export const shot = defineDeepMethod({
  id: 'shot',
  name: 'Source Hypothesis Transfer',
  paper: {
    authors: 'Liang, Hu, Feng',
    year: 2020,
    title: 'Do We Really Need to Access the Source Data? Source Hypothesis Transfer for Unsupervised Domain Adaptation',
  },
  summary: 'Source-free: keeps the source’s classifier and learns features of the target that it is sure about.',
  options: z.strictObject({
    ...deepSettings,
    ...sourceFreeSettings,
    pseudoLabels: z.number().min(0).default(0.3).describe('the factor of the cross-entropy with pseudo-labels'),
  }),
  plan: ({ runtime, network }, { pseudoLabels }) => [
    sourceStage,
    {
      uses: 'target',
      supervised: false,
      trains: ['backbone', 'body'],
      build(step) {
        const { graph, target } = step
        step.loss('information', informationMaximisation(graph, target.logits))
        const labels = step.input(LABELS, 'float32', [target.rows, network.outputs])
        step.loss('pseudo-labels', meanOver(graph, crossEntropies(graph, target.logits, labels)), pseudoLabels)
      },
      inputs: labelsByEpoch(runtime),
    },
  ],
})

/** The pseudo-labels of a batch, one-hot, as those of its epoch are. */
function labelsByEpoch(runtime: Runtime) {
  let known: { readonly epoch: number; readonly labels: Int32Array } | undefined
  return async ({ epoch, step, rows: { target }, network }: DeepMoment) => {
    if (step === 0 || known?.epoch !== epoch) {
      const { features, logits } = await network.on(network.problem.target)
      known = { epoch, labels: await centroidLabels(runtime, features, softmaxRows(logits)) }
    }
    const { labels } = known
    const data = new Float32Array(target.length * network.problem.classes)
    target.forEach((row, i) => {
      data[i * network.problem.classes + labels[row]!] = 1
    })
    return { [LABELS]: { type: 'float32' as const, dims: [target.length, network.problem.classes], data } }
  }
}
