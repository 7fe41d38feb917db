import { describe, expect, it } from 'vitest'
import { type Dimension, graphBuilder, type Model } from '../onnx/index.ts'
import { networkInput } from './network-input.ts'

function taking(...inputs: (readonly Dimension[])[]): Model {
  const graph = graphBuilder('inputs')
  for (const [i, dims] of inputs.entries()) graph.input(`x${i}`, 'float32', dims)
  return graph.model()
}
const sizes = (row: readonly Dimension[], dims?: readonly number[]) => networkInput(taking(row), dims)

describe('the input of a network', () => {
  it('has the sizes that its file says, and those of the call where it says none', () => {
    expect(sizes(['N', 3, 8, 8])).toEqual({ name: 'x0', type: 'float32', dims: [3, 8, 8], batch: undefined })
    expect(sizes([1, 3, 'height', null], [3, 32, 64])).toMatchObject({ dims: [3, 32, 64], batch: 1 })
  })

  it('is an image of the usual size, channels where its file says, or a short text, where nobody tells', () => {
    expect(sizes(['N', 3, 'h', 'w']).dims).toEqual([3, 224, 224])
    expect(sizes(['N', null, null, 3]).dims).toEqual([224, 224, 3])
    expect(sizes(['N', 'length']).dims).toEqual([16])
  })

  it('is refused where sizes contradict the file, and where there are several', () => {
    expect(() => sizes(['N', 3, 8, 8], [3, 8, 9])).toThrow('a row of the input "x0" is 3 × 8 × 8, got 3 × 8 × 9')
    expect(() => sizes(['N', 3], [3, 1])).toThrow('is 3, got 3 × 1')
    expect(() => sizes([])).toThrow('give its sizes')
    expect(() => networkInput(taking(['N', 1], ['N', 2]))).toThrow('one input, got "x0", "x1"')
  })
})
