import { describe, expect, it } from 'vitest'
import { graphBuilder, int, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { constantRate, sgd, softmaxCrossEntropy, tensorData, train } from './index.ts'

const runtime = await nodeRuntime()

/** Two layers: 2 features, `hidden` units, 2 classes. */
function network(hidden: number): Model {
  const random = seededRandom(3)
  const graph = graphBuilder('two layers')
  const weights = (name: string, dims: number[], scale: number) =>
    graph.constant(
      {
        type: 'float32',
        dims,
        data: Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => scale * random.normal()),
      },
      name,
    )
  const x = graph.input('input', 'float32', ['N', 2])
  const h = graph.node('Relu', [
    graph.node('Gemm', [x, weights('first.weight', [hidden, 2], 1), weights('first.bias', [hidden], 0.1)], {
      transB: int(1),
    }),
  ])
  const y = graph.node('Gemm', [h, weights('second.weight', [2, hidden], 0.3), weights('second.bias', [2], 0)], {
    transB: int(1),
  })
  graph.output('logits', y, 'float32', ['N', 2])
  return graph.model()
}

/** Two classes that a line cannot part: the sign of the product of the two features. */
function quadrants(rows: number): { input: Tensor; target: Tensor } {
  const random = seededRandom(11)
  const input = Float32Array.from({ length: 2 * rows }, random.normal)
  const target = BigInt64Array.from({ length: rows }, (_, i) => (input[2 * i]! * input[2 * i + 1]! > 0 ? 1n : 0n))
  return {
    input: { type: 'float32', dims: [rows, 2], data: input },
    target: { type: 'int64', dims: [rows], data: target },
  }
}

const settings = {
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: sgd({ momentum: 0.9 }),
  schedule: constantRate(0.1),
  batchSize: 32,
  epochs: 12,
}

describe('train', () => {
  it('learns what a line cannot part', async () => {
    const result = await train(runtime, network(16), { ...settings, data: tensorData(quadrants(500)) })
    expect(result.history.at(-1)!.loss).toBeLessThan(0.25)
    expect(result.history[0]!.loss).toBeGreaterThan(0.4)
  })
})
