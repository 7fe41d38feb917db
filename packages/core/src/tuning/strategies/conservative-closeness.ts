import { cutTo } from '../../autodiff/index.ts'
import { builderOn, int, upgradeModel } from '../../onnx/index.ts'
import { type LossTerm, softmaxCrossEntropy } from '../../training/index.ts'
import type { OldHead, StrategyContext, TuningPlan } from '../strategy.ts'
import { oldScores } from './lwf-scores.ts'

/** An output whose probabilities are to stay where they were. */
export type Kept = Pick<OldHead, 'output' | 'kind'>

const RECORDED = 'probabilities at the start'

/** The cross-entropy of the recorded probabilities and those of now, the mean over rows. */
export const closeness = ({ output, kind }: Kept, weight: number): LossTerm => ({
  name: 'closeness',
  weight,
  build: (graph, batch) =>
    softmaxCrossEntropy({ logits: oldScores(graph, output, kind), target: RECORDED }).build(graph, batch),
})

/** Gives for each batch what the network said of it at the start. */
export function startRecorder(
  { runtime, network, input }: StrategyContext,
  { output, kind }: Kept,
): NonNullable<TuningPlan['inputs']> {
  const graph = builderOn(upgradeModel(cutTo(network, [{ name: output }])))
  const said = graph.node('Softmax', [oldScores(graph, output, kind)], { axis: int(1) })
  graph.output(RECORDED, said, 'float32', ['N', 'classes'])
  const recorder = cutTo(graph.model(), [{ name: RECORDED, type: 'float32', dims: ['N', 'classes'] }])
  return async (batch) => ({ [RECORDED]: (await runtime.run(recorder, { [input]: batch }))[RECORDED]! })
}
