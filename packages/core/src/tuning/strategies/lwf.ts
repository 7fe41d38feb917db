import { z } from 'zod'
import { cutTo } from '../../autodiff/index.ts'
import { InvalidInputError } from '../../errors.ts'
import { builderOn, type GraphBuilder, int, type Model, upgradeModel, type Value } from '../../onnx/index.ts'
import { scalarOf } from '../../tensor/index.ts'
import type { LossTerm } from '../../training/index.ts'
import { defineStrategy, type OldHead } from '../strategy.ts'
import { oldScores } from './lwf-scores.ts'

const RECORDED = 'recorded old probabilities'

/**
 * Learning without forgetting (Li and Hoiem 2016, eq. 2 to 4): `−λ Σ_c q_c log p_c`, the mean over rows, `q` and `p` being
 * what the old head said at the start and says now of the same input, as probabilities `∝ p^(1/T)`. The old head is
 * trained along; no row of the old task is needed. `T` 2 and `λ` 1 are the paper's. Its warm-up of the new head is the fit
 * that every strategy starts from.
 */
export const lwf = defineStrategy({
  id: 'lwf',
  name: 'Learning without Forgetting',
  paper: { authors: 'Li, Hoiem', year: 2016, title: 'Learning without Forgetting' },
  summary: 'Trains all weights and keeps what the old head says of the new rows.',
  needs: { oldHead: true },
  options: z.object({
    lambda: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the old task: larger values keep more of it and learn less of the new one'),
    temperature: z
      .number()
      .positive()
      .default(2)
      .describe('evens out the old probabilities: with larger values the unlikely classes count more'),
  }),
  plan({ runtime, network, input, oldHead, blocks, head }, { lambda, temperature }) {
    if (oldHead === undefined)
      throw new InvalidInputError('lwf needs the head that the network came with: this one has none')
    const recorder = recorderOf(network, oldHead, temperature)
    const trained = new Set([...blocks.flat(), ...head, ...oldHead.parameters])
    return {
      losses: [distillation(oldHead, temperature, lambda)],
      inputs: async (batch) => ({ [RECORDED]: (await runtime.run(recorder, { [input]: batch }))[RECORDED]! }),
      trainable: (name) => trained.has(name),
    }
  },
})

/** From the input to `softmax(z / T)` of the old head as it is now. */
function recorderOf(network: Model, { output, kind, classes }: OldHead, temperature: number): Model {
  const graph = builderOn(upgradeModel(cutTo(network, [{ name: output }])))
  const scores = softened(graph, oldScores(graph, output, kind), temperature)
  graph.output(RECORDED, graph.node('Softmax', [scores], { axis: int(1) }), 'float32', ['N', classes])
  return cutTo(graph.model(), [{ name: RECORDED, type: 'float32', dims: ['N', classes] }])
}

/** The cross-entropy of what was recorded and what the old head says now. */
const distillation = ({ output, kind }: OldHead, temperature: number, weight: number): LossTerm => ({
  name: 'distillation',
  weight,
  build(graph, batch) {
    const { type, dims } = batch[RECORDED]!
    const recorded = graph.input(RECORDED, type, dims)
    const logs = graph.node('LogSoftmax', [softened(graph, oldScores(graph, output, kind), temperature)], {
      axis: int(1),
    })
    const sum = graph.node('ReduceSum', [graph.node('Mul', [recorded, logs])], { keepdims: int(0) })
    return graph.node('Mul', [sum, graph.constant(scalarOf(-1 / dims[0]!, 'float32'))])
  },
})

const softened = (graph: GraphBuilder, scores: Value, temperature: number): Value =>
  graph.node('Div', [scores, graph.constant(scalarOf(temperature, 'float32'))])
