import { describe, expect, it } from 'vitest'
import { namedNode } from '../testing/residual-network.ts'
import { blockNames, type Nameable } from './block-names.ts'

const block = (weights: string[], nodes: string[] = [], op = 'Conv', others: string[] = []): Nameable => {
  const layers = (nodes.length === 0 ? [''] : nodes).map((name) => ({ ...namedNode(op, [], 'y'), name }))
  return { nodes: layers, layers, weights, parameters: [...weights, ...others] }
}
const names = (...blocks: Nameable[]): string[] => blockNames(blocks)

describe('the names of blocks', () => {
  it('are what the names of their parameters have in common', () => {
    expect(names(block(['layer1.0.conv1.weight', 'layer1.0.conv2.weight']))).toEqual(['layer1.0'])
    expect(names(block(['features.0.weight', 'features.0.bias']))).toEqual(['features.0'])
    expect(names(block(['fire2/conv1x1_2.w', 'fire2/conv3x3_2.w']))).toEqual(['fire2'])
    expect(names(block(['block_2_expand.w', 'block_2_project.w']))).toEqual(['block_2'])
  })

  it('come from the nodes where parameters are only numbered', () => {
    const path = ['/layer1/layer1.0/conv1/Conv', '/layer1/layer1.0/conv2/Conv']
    expect(names(block(['onnx::Conv_567', 'onnx::Conv_570'], path))).toEqual(['layer1.0'])
    expect(names(block(['val_3'], ['/features/features.0/features.0.0/Conv']))).toEqual(['features.0.0'])
  })

  it('come from the nodes where some parameters are only numbered', () => {
    const attention = block(
      ['e.0.attention.out.weight', 'onnx::MatMul_9'],
      ['/e.0/attention/MatMul', '/e.0/attention/out/Gemm'],
    )
    expect(names(attention)).toEqual(['e.0.attention'])
    expect(names(block(['onnx::MatMul_9'], ['model/dense/MatMul']))).toEqual(['model/dense'])
  })

  it('come from norms and biases where nothing else tells', () => {
    const others = ['layers.0.norm.weight', 'layers.0.mlp.bias']
    expect(names(block(['val_12'], ['node_MatMul_11'], 'MatMul', others))).toEqual(['layers.0'])
  })

  it('are the operator and a number where nothing says more, and no two the same', () => {
    const nameless = block(['val_1'])
    expect(names(nameless, block(['val_2'], [], 'Gemm'), nameless)).toEqual(['conv1', 'gemm1', 'conv2'])
    expect(names(block(['0.weight', '0.bias']))).toEqual(['conv 0'])
    const same = block(['a.b.weight', 'a.c.weight'])
    expect(names(same, same, same)).toEqual(['a', 'a (2)', 'a (3)'])
  })
})
