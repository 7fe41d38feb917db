import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../errors.ts'
import type { Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { filled, smallNetwork } from '../../testing/small-network.ts'
import { withLoss } from '../with-loss.ts'
import { huber, type LossTerm, meanSquaredError, softmaxCrossEntropy } from './index.ts'

const zeros = (...dims: number[]): Tensor => filled(dims, () => 0)
const classes = (...data: number[]): Tensor => ({ type: 'int32', dims: [data.length], data: Int32Array.from(data) })

/** What a loss says of a batch when the model's output is 4 × 3. */
const complaint = (term: LossTerm, batch: Tensors, dims: readonly number[] = [4, 3]): string => {
  try {
    term.check!(batch, () => dims)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError)
    return (error as Error).message
  }
}

describe('targets', () => {
  const term = softmaxCrossEntropy({ logits: 'y' })

  it('that are no classes are refused: they would count as targets without mass', () => {
    expect(complaint(term, { target: classes(0, 1, 2, 2) })).toBe('')
    expect(complaint(term, { target: classes(0, 1, 3, 2) })).toMatch(/sample 2 .* is 3: a class from 0 to 2/)
    expect(complaint(term, { target: classes(0, -1, 1, 2) })).toMatch(/sample 1 .* is -1/)
  })

  it('of other shapes are refused: broadcasting would hide it', () => {
    expect(complaint(term, { target: classes(0, 1) })).toMatch(
      /int32 \[2\]: class numbers \[4\] or probabilities \[4, 3\]/,
    )
    expect(complaint(term, { target: zeros(4) })).toMatch(/float32 \[4\]/)
    expect(complaint(term, { target: zeros(4, 3) })).toBe('')
    expect(complaint(term, { target: classes(0, 1, 2, 2) }, [4, 3, 7])).toMatch(/samples × classes/)
    const regression = meanSquaredError({ output: 'y' })
    expect(complaint(regression, { target: zeros(4) }, [4, 1])).toMatch(/shape \[4\], expected \[4, 1\]: reshape/)
    expect(complaint(regression, { target: zeros(4, 1) }, [4, 1])).toBe('')
    expect(complaint(regression, {}, [4, 1])).toMatch(/no "target"/)
  })

  it('need weights of their number', () => {
    const weighted = { target: classes(0, 1, 2, 2), weights: zeros(4, 1) }
    expect(complaint(softmaxCrossEntropy({ logits: 'y', sampleWeights: 'weights' }), weighted)).toMatch(
      /expected \[4\]/,
    )
    const two = softmaxCrossEntropy({ logits: 'y', classWeights: [1, 2] })
    expect(complaint(two, weighted)).toMatch(/2 class weights: one for each of 3 classes/)
  })
})

describe('settings', () => {
  it('out of range are refused', () => {
    expect(() => softmaxCrossEntropy({ logits: 'y', labelSmoothing: 1 })).toThrow(/labelSmoothing is 1/)
    expect(() => softmaxCrossEntropy({ logits: 'y', classWeights: [1, -1] })).toThrow(/class 1 is -1/)
    expect(() => huber({ output: 'y', delta: 0 })).toThrow(/delta is 0/)
  })
})

describe('a model with its losses', () => {
  const batch = { input: zeros(2, 3), target: classes(0, 1), factor: zeros() }

  it('needs one or more, of different names', () => {
    const term = softmaxCrossEntropy({ logits: 'logits' })
    expect(() => withLoss(smallNetwork(), [], batch)).toThrow(/no loss/)
    expect(() => withLoss(smallNetwork(), [term, term], batch)).toThrow(/two losses are called "cross-entropy"/)
    expect(() => withLoss(smallNetwork(), [term], {})).toThrow(/the batch has no "target"/)
  })

  it('takes a factor from an input', () => {
    const model = withLoss(smallNetwork(), [softmaxCrossEntropy({ logits: 'logits', weight: 'factor' })], batch)
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['input', 'target', 'factor'])
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['logits', 'loss/cross-entropy', 'loss'])
  })
})
