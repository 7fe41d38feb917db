import { describe, expect, it } from 'vitest'
import { parametersOf } from '../autodiff/index.ts'
import { graphBuilder, int, ints, type Model } from '../onnx/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { filled } from '../testing/small-network.ts'
import { parametersFrom } from './parameters-from.ts'
import { reinitialise } from './reinitialise.ts'

const numbersOf = (model: Model, name: string): number[] =>
  Array.from(model.graph.initializers.get(name)!.data as Float32Array)

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** `input` (N × 40) through a linear layer that is stored turned, one that is not, and a lookup of its rows' numbers. */
function wideNetwork(): Model {
  const graph = graphBuilder('wide')
  const weight = (name: string, dims: number[]) =>
    graph.constant(
      filled(dims, () => 5),
      name,
    )
  const x = graph.input('input', 'float32', ['N', 40, 8, 8])
  const kernel = { kernel_shape: ints([3, 3]) }
  const convolved = graph.node('Conv', [x, weight('conv', [60, 40, 3, 3]), weight('conv.bias', [60])], kernel)
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [convolved])])
  const turned = graph.node('Transpose', [weight('turned', [200, 60])], { perm: ints([1, 0]) })
  const second = graph.node('Add', [graph.node('MatMul', [flat, turned]), weight('bias', [200])])
  const third = graph.node('Gemm', [second, weight('gemm', [200, 90])])
  const fourth = graph.node('Gemm', [third, weight('last', [50, 90])], { transB: int(1) })
  graph.output('y', fourth, 'float32', ['N', 50])
  return graph.model()
}

describe('a fresh start', () => {
  it('has the variance 2 / inputs in weights, however they are stored, and biases of 0', () => {
    const model = wideNetwork()
    const fresh = reinitialise(model, parametersOf(model), seededRandom(3))
    const expected = { conv: 360, turned: 60, gemm: 200, last: 90 }
    for (const [name, inputs] of Object.entries(expected)) {
      expect(deviation(numbersOf(fresh, name)) * Math.sqrt(inputs / 2)).toBeCloseTo(1, 1)
    }
    for (const name of ['conv.bias', 'bias']) expect(new Set(numbersOf(fresh, name))).toEqual(new Set([0]))
  })

  it('resets normalisation with its statistics, and leaves everything else as it was', () => {
    const model = residualNetwork()
    const fresh = reinitialise(model, ['stem.norm.weight', 'stem.norm.bias'], seededRandom(0))
    const norm = ['weight', 'bias', 'mean', 'variance'].map((part) => numbersOf(fresh, `stem.norm.${part}`))
    expect(norm).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
    ])
    const others = (each: Model): [string, Tensor][] =>
      [...each.graph.initializers].filter(([name]) => !name.startsWith('stem.norm'))
    expect(others(fresh)).toEqual(others(model))
  })

  it('depends on the seed and the name alone', () => {
    const start = (names: string[], seed: number) =>
      numbersOf(reinitialise(residualNetwork(), names, seededRandom(seed)), 'fc.weight')
    expect(start(['layer1.conv.weight', 'fc.weight'], 1)).toEqual(start(['fc.weight'], 1))
    expect(start(['fc.weight'], 1)).not.toEqual(start(['fc.weight'], 2))
    expect(() => start(['nothing'], 1)).toThrow('stores no tensor "nothing"')
  })
})

describe('the parameters from a depth on', () => {
  it('are those of the blocks there, but for what earlier blocks share', () => {
    const block = (parameters: string[]) => ({
      name: '',
      operators: [],
      parameters,
      parameterCount: 0,
      output: '',
      dims: [],
    })
    const blocks = [block(['a', 'shared']), block(['b', 'shared']), block(['c', 'b'])]
    expect(parametersFrom(blocks, 0)).toEqual(['a', 'shared', 'b', 'c'])
    expect(parametersFrom(blocks, 1)).toEqual(['b', 'c'])
    expect(parametersFrom(blocks, 3)).toEqual([])
  })
})
