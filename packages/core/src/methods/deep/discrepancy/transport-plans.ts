import type { Model } from '../../../onnx/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { identity, type Matrix, sliceRows, type Tensor, takeRows, tensor } from '../../../tensor/index.ts'
import { type DeepJdotOptions, deepJdotCost, deepJdotPlan } from '../losses/index.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { lossModel } from './loss-model.ts'

/** Gives the optimal plan of a batch, `N_s × N_t`, at the cost that its rows have with the network as it is now. */
export function transportPlans(runtime: Runtime, classes: number, options: DeepJdotOptions) {
  const model = costModel(classes, options)
  const classRows = identity(classes)
  return async ({ network, input, layout, rows }: DeepMoment): Promise<Tensor<'float32'>> => {
    const { features, logits } = await network.run(input)
    const labels = rows.sources.flatMap((drawn, i) => {
      const known = network.problem.sources[i]!.labels
      return Array.from(drawn, (row) => known[row]!)
    })
    const own = (values: Matrix, { from, to }: { from: number; to: number }) => single(sliceRows(values, from, to))
    const { cost } = await runtime.run(model, {
      sourceFeatures: own(features, layout.source),
      targetFeatures: own(features, layout.target),
      sourceTargets: single(takeRows(classRows, labels)),
      targetLogits: own(logits, layout.target),
    })
    return deepJdotPlan(cost!)
  }
}

/** The loss's own cost as a graph of its own. */
const costModel = (classes: number, options: DeepJdotOptions): Model =>
  lossModel('transport-cost', (graph) => {
    const rows = {
      sourceFeatures: graph.input('sourceFeatures', 'float32', ['s', 'd']),
      targetFeatures: graph.input('targetFeatures', 'float32', ['t', 'd']),
      sourceTargets: graph.input('sourceTargets', 'float32', ['s', classes]),
      targetLogits: graph.input('targetLogits', 'float32', ['t', classes]),
    }
    graph.output('cost', deepJdotCost(graph, rows, options), 'float32', ['s', 't'])
  })

const single = ({ rows, columns, data }: Matrix) => tensor('float32', [rows, columns], Float32Array.from(data))
