import { int } from '../onnx/index.ts'
import type { LossTerm } from '../training/index.ts'

/** The share of a batch's rows whose largest logit is their label's: measured, not minimised. */
export const accuracyTerm = (logits: string, target: string): LossTerm => ({
  name: 'accuracy',
  weight: 0,
  build: (graph) => {
    const said = graph.node('ArgMax', [logits], { axis: int(1), keepdims: int(0) })
    const right = graph.node('Cast', [graph.node('Equal', [said, target])], { to: int(1) })
    return graph.node('ReduceMean', [right], { keepdims: int(0) })
  },
})
