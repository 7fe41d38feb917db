import { builderOn, int, type Model } from '../../../onnx/index.ts'
import { type Random, sizeOf, tensor } from '../../../tensor/index.ts'
import { integers, meanOver, scaled } from '../losses/graph-values.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import { freshDense } from '../network/fresh-dense.ts'
import type { DeepStage } from '../trainer/deep-stage.ts'

export interface DenoisingOptions {
  /** The part of the numbers of a row that is set to zero. */
  readonly destroyed: number
  readonly epochs: number
  readonly random: Random
}

/** The step's input of 0 for destroyed numbers and 1 for others, in the shape of the batch. */
const KEPT = 'kept'

/**
 * A stage that trains all below the head as the encoder of a denoising autoencoder: from rows with numbers set to zero
 * at random, a dense layer on the features has to restore the rows as they were, by the mean squared error over both
 * domains.
 *
 * Vincent, Larochelle, Bengio, Manzagol 2008, Extracting and Composing Robust Features with Denoising Autoencoders.
 */
export function denoising(network: DeepNetwork, { destroyed, epochs, random }: DenoisingOptions): DeepStage {
  const numbersOfRow = sizeOf(network.dims)
  return {
    name: 'denoising',
    supervised: false,
    epochs,
    trains: ['backbone', 'body', 'decoder'],
    rewrite: (model, { rows }) => withMask(model, network.input, [rows, ...network.dims]),
    build(step) {
      const { graph, random: own, width } = step
      const decoder = step.extra('decoder', () => freshDense(graph, 'decoder', [numbersOfRow, width], own))
      const parts = [step.source, step.target].map(({ features, input }) => {
        const restored = graph.node('Gemm', [features, ...decoder], { transB: int(1) })
        const row = graph.node('Reshape', [input, integers(graph, [-1, numbersOfRow])])
        const error = graph.node('Sub', [restored, row])
        return meanOver(graph, graph.node('Mul', [error, error]))
      })
      step.loss('reconstruction', scaled(graph, graph.node('Sum', parts), 0.5))
    },
    inputs({ epoch, step, input }) {
      const stream = random.fork(`${KEPT} ${epoch} ${step}`)
      const data = Float32Array.from({ length: input.data.length }, () => Number(stream.uniform() >= destroyed))
      return { [KEPT]: tensor('float32', input.dims, data) }
    },
  }
}

/** The model reading its input times the mask; what else reads the input sees it whole. */
function withMask(model: Model, input: string, dims: readonly number[]): Model {
  const graph = builderOn(model)
  const masked = graph.node('Mul', [input, graph.input(KEPT, 'float32', dims)])
  const opened = graph.model()
  const [mask] = opened.graph.nodes.slice(-1)
  const nodes = model.graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((name) => (name === input ? masked : name)),
  }))
  return { ...opened, graph: { ...opened.graph, nodes: [mask!, ...nodes] } }
}
