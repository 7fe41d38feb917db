import { z } from 'zod'
import { tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { consistency } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { rowsTensor } from '../trainer/network-outputs.ts'
import { randomViews } from '../views/random-views.ts'
import { risingAverage } from './rising-average.ts'

/**
 * The mean teacher (Tarvainen and Valpola 2017) as French 2018 adapts with it: a teacher, the moving average of the weights,
 * sees a weak view of the target's rows, the student a strong one, and the student learns to agree where the teacher is
 * sure. The teacher is what predicts in the end. Decay, factor and threshold are those of French 2018.
 */
export const meanTeacher = defineDeepMethod({
  id: 'mean-teacher',
  name: 'Mean Teacher',
  paper: {
    authors: 'French, Mackiewicz, Fisher',
    year: 2018,
    title: 'Self-ensembling for visual domain adaptation',
  },
  summary: 'Learns to agree, on changed target rows, with the moving average of its own weights.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(3).describe('the factor of the disagreement'),
    decay: z.number().min(0).lt(1).default(0.99).describe('how much of the teacher stays in each step'),
    threshold: z.number().min(0).max(1).default(0.968).describe('the probability from which on the teacher is sure'),
    strength: z.number().min(0).max(2).default(1).describe('how much views differ from their rows'),
  }),
  plan: ({ problem: { target }, network, random }, { tradeOff, decay, threshold, strength }) => {
    const { weak, strong } = randomViews(target, network.dims, strength)
    return [
      {
        labelledView: weak,
        view: strong,
        averaging: risingAverage(decay),
        build(step) {
          const teacher = step.input(TEACHER, 'float32', [step.target.rows, network.outputs])
          const student = step.target.logits
          step.loss('consistency', consistency(step.graph, { student, teacher }, { threshold }), tradeOff)
        },
        async inputs({ epoch, step, rows, network: teacher }) {
          const plain = rowsTensor(target, rows.target, network.dims)
          const seen = weak(plain.data as Float32Array, rows.target.length, random.fork(`teacher ${epoch} ${step}`))
          const { logits } = await teacher.run({ ...plain, data: seen })
          return { [TEACHER]: tensor('float32', [logits.rows, logits.columns], Float32Array.from(logits.data)) }
        },
      },
    ]
  },
})

const TEACHER = 'teacher logits'
