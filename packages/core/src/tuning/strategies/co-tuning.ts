import { z } from 'zod'
import { InvalidInputError } from '../../errors.ts'
import { matrix, rowOf, type Tensor } from '../../tensor/index.ts'
import { type LossTerm, softmaxCrossEntropy } from '../../training/index.ts'
import { defineStrategy, type OldHead, type StrategyContext } from '../strategy.ts'
import { oldScoresOf } from './co-tuning-predictions.ts'
import { relationshipByBayes, relationshipByMeans } from './co-tuning-relationship.ts'
import { calibratingScale, softmaxOf } from './co-tuning-temperature.ts'
import { oldScores } from './lwf-scores.ts'

const TARGET = 'old classes of the new one'

/**
 * The old head is trained along, towards what each new class is among the old ones (You, Kou, Long, Wang 2020, eq. 1):
 *
 * `CE(new head, t) + λ CE(old head, p(s | t))`,
 *
 * with `p(s | t)` learnt from the old head's calibrated probabilities of the training rows as they are, before training.
 * Calibration needs labelled rows of the old task (section 3.3): without them the old head is taken at its word, or at a
 * given scale of its scores. `λ` 2.3 is that of the authors' code, and so are the candidates of the regression's penalty.
 */
export const coTuning = defineStrategy({
  id: 'co-tuning',
  name: 'Co-Tuning',
  paper: { authors: 'You, Kou, Long, Wang', year: 2020, title: 'Co-Tuning for Transfer Learning' },
  summary: 'Trains the old head along, towards the old classes that are like each new one.',
  needs: { oldHead: true },
  options: z.object({
    lambda: z
      .number()
      .min(0)
      .default(2.3)
      .describe('weight of the old classes: larger values keep more of what the network knew'),
    relationship: z
      .enum(['reverse', 'direct'])
      .default('reverse')
      .describe('how new classes are related to old ones: by a classifier and Bayes’ rule, or by mean predictions'),
    scale: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe(
        'a factor on the old head’s scores, smaller being less sure; by default found from rows of the old task, else 1',
      ),
  }),
  async plan(context, { lambda, relationship, scale }) {
    const { runtime, random, oldHead, labels, classes, blocks, head, rows, inputs } = context
    if (oldHead === undefined) {
      throw new InvalidInputError('co-tuning needs the head that the network came with: this one has none')
    }
    const scores = await oldScoresOf(context, oldHead, rows, (chosen) => inputs(chosen, 0))
    const calibration = scale ?? (await calibrationOf(context, oldHead))
    const probabilities = matrix(scores.rows, scores.columns)
    for (let i = 0; i < scores.rows; i++) rowOf(probabilities, i).set(softmaxOf(rowOf(scores, i), calibration))
    const predictions = { probabilities, labels, classes }
    const { shares, by } =
      relationship === 'direct'
        ? relationshipByMeans(predictions)
        : await relationshipByBayes(runtime, random, predictions, watching(context))
    const trained = new Set([...blocks.flat(), ...head, ...oldHead.parameters])
    return {
      losses: [oldClasses(oldHead, lambda)],
      inputs: (_, chosen) => ({ [TARGET]: rowsAsTargets(shares.data, oldHead.classes, chosen, labels) }),
      trainable: (name) => trained.has(name),
      facts: { relationship: by, 'scale of the old scores': calibration },
    }
  },
})

const watching =
  ({ progress, signal }: StrategyContext) =>
  (done: number, total: number): void => {
    signal?.throwIfAborted()
    progress('relationship of classes', done, total)
  }

/** From labelled rows of the old task, where they are given. */
async function calibrationOf(context: StrategyContext, oldHead: OldHead): Promise<number> {
  const { oldTask } = context
  if (oldTask === undefined) return 1
  return calibratingScale(await oldScoresOf(context, oldHead, oldTask.rows, oldTask.inputs), oldTask.labels)
}

const oldClasses = ({ output, kind }: OldHead, weight: number): LossTerm => ({
  name: 'old classes',
  weight,
  build: (graph, batch) =>
    softmaxCrossEntropy({ logits: oldScores(graph, output, kind), target: TARGET }).build(graph, batch),
})

function rowsAsTargets(shares: Float64Array, old: number, rows: Int32Array, labels: Int32Array): Tensor {
  const data = new Float32Array(rows.length * old)
  rows.forEach((row, i) => {
    data.set(shares.subarray(labels[row]! * old, (labels[row]! + 1) * old), i * old)
  })
  return { type: 'float32', dims: [rows.length, old], data }
}
