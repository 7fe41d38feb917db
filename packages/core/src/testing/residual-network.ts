import { type Attribute, int, ints, type Model, type Node } from '../onnx/index.ts'
import { filled } from './small-network.ts'

/** A node whose one output is named. */
export const namedNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node => ({ op, domain: '', name: '', inputs, outputs: [output], attributes })

/**
 * Images (`input`, N × 2 × 6 × 6) through a convolution (value `first`), batch normalisation and Relu (`entry`), a residual
 * branch of one convolution (`branch`) added to it (`second`), mean pooling (`flat`) and a linear layer to 4 `logits`;
 * as an exporter would write it, in operator set 17.
 */
export function residualNetwork(): Model {
  const weight = (dims: number[], a: number) => filled(dims, (k) => 0.4 * Math.sin(a + 1.7 * k))
  const padded = { pads: ints([1, 1, 1, 1]), kernel_shape: ints([3, 3]) }
  return {
    irVersion: 8,
    opsets: { '': 17 },
    producer: { name: 'test', version: '' },
    metadata: {},
    graph: {
      name: 'residual',
      inputs: [{ name: 'input', type: 'float32', dims: ['N', 2, 6, 6] }],
      outputs: [{ name: 'logits', type: 'float32', dims: ['N', 4] }],
      values: [],
      nodes: [
        namedNode('Conv', ['input', 'stem.conv.weight', 'stem.conv.bias'], 'first', padded),
        namedNode(
          'BatchNormalization',
          ['first', ...['weight', 'bias', 'mean', 'variance'].map((part) => `stem.norm.${part}`)],
          'normal',
        ),
        namedNode('Relu', ['normal'], 'entry'),
        namedNode('Conv', ['entry', 'layer1.conv.weight'], 'branch', padded),
        namedNode('Add', ['branch', 'entry'], 'second'),
        namedNode('GlobalAveragePool', ['second'], 'pool'),
        namedNode('Flatten', ['pool'], 'flat'),
        namedNode('Gemm', ['flat', 'fc.weight', 'fc.bias'], 'logits', { transB: int(1) }),
      ],
      initializers: new Map([
        ['stem.conv.weight', weight([3, 2, 3, 3], 1)],
        ['stem.conv.bias', weight([3], 2)],
        ['stem.norm.weight', weight([3], 3)],
        ['stem.norm.bias', weight([3], 4)],
        ['stem.norm.mean', weight([3], 5)],
        ['stem.norm.variance', filled([3], (k) => 1 + k)],
        ['layer1.conv.weight', weight([3, 3, 3, 3], 6)],
        ['fc.weight', weight([4, 3], 7)],
        ['fc.bias', weight([4], 8)],
      ]),
    },
  }
}
