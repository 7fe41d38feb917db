import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { createRuntime, type OnnxRuntimeModule } from '../runtime/index.ts'
import { smallBatch, smallNetwork } from '../testing/small-network.ts'
import { constantRate, sgd, softmaxCrossEntropy, tensorData, train } from './index.ts'

/** How many sessions a training makes. */
async function sessionsFor(epochs: number): Promise<number> {
  let created = 0
  const counting = {
    Tensor: ort.Tensor,
    InferenceSession: {
      create: (bytes: Uint8Array, options?: ort.InferenceSession.SessionOptions) => {
        created++
        return ort.InferenceSession.create(bytes, options)
      },
    },
  }
  const runtime = createRuntime(counting as unknown as OnnxRuntimeModule, 'cpu')
  const { input } = smallBatch(50, 60)
  await train(runtime, smallNetwork(), {
    data: tensorData(smallBatch(0, 50)),
    losses: [softmaxCrossEntropy({ logits: 'logits' })],
    optimiser: sgd(),
    schedule: constantRate(0.1),
    batchSize: 16,
    epochs,
    validation: { score: async (predict) => Number((await predict({ input })).logits!.data[0]) },
  })
  await runtime.release()
  return created
}

it('longer training needs no more sessions: one to look at shapes and one to run for each size of batch, one to predict', async () => {
  expect(await sessionsFor(1)).toBe(5)
  expect(await sessionsFor(6)).toBe(5)
})
