import type { GraphBuilder, Value } from '../../onnx/index.ts'
import { scalarOf } from '../../tensor/index.ts'
import type { OldHead } from '../strategy.ts'

/** Probabilities below this count as this: their logarithm stays finite. */
const SMALLEST = 1e-30

/** Scores whose softmax is what an old head says: its logits, or the logarithms of its probabilities. */
export function oldScores(graph: GraphBuilder, output: Value, kind: OldHead['kind']): Value {
  if (kind === 'logits') return output
  return graph.node('Log', [graph.node('Max', [output, graph.constant(scalarOf(SMALLEST, 'float32'))])])
}
