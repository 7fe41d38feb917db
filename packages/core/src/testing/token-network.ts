import { int, ints, type Model, type Node } from '../onnx/index.ts'
import { integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'
import { namedNode } from './residual-network.ts'
import { filled } from './small-network.ts'

/**
 * A small vision transformer's bookkeeping: images (`input`, N × 2 × 4 × 4) to patches by a convolution, to tokens
 * (`tokens`), a class token put before them (`joined`, N × 5 × 3), two linear layers with rows and tokens in one dimension
 * in between, each beside a residual connection (`first`, `second`), the class token (`class`) and 4 `logits`. With a
 * number of `rows`, as exporters write it for that many: in every shape, the class token stored that often. With `N`, as
 * PyTorch's exporter writes an open batch: each shape computed from the shape of the input.
 */
export function tokenNetwork(rows: number | 'N'): Model {
  const weight = (dims: number[], a: number) => filled(dims, (k) => Math.sin(a + 1.7 * k))
  const initializers = new Map<string, Tensor>([
    ['patch.weight', weight([3, 2, 2, 2], 1)],
    ['first.weight', weight([3, 3], 2)],
    ['second.weight', weight([3, 3], 3)],
    ['head.weight', weight([4, 3], 4)],
    ['head.bias', weight([4], 5)],
    ['zero', scalarOf(0, 'int64')],
    ['front', integerTensor([0])],
  ])
  const nodes: Node[] = []
  const add = (op: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): string => {
    nodes.push(namedNode(op, inputs, output, attributes))
    return output
  }
  /** A shape whose first number is `factor` times the rows. */
  const shape = (name: string, factor: number, rest: number[]): string => {
    if (rows !== 'N') {
      initializers.set(name, integerTensor([factor * rows, ...rest]))
      return name
    }
    initializers.set(`${name}/rest`, integerTensor(rest))
    initializers.set(`${name}/factor`, integerTensor([factor]))
    return add('Concat', [add('Mul', ['rows', `${name}/factor`], `${name}/rows`), `${name}/rest`], name, {
      axis: int(0),
    })
  }
  const layer = (from: string, to: string): string => {
    const flat = add('Reshape', [from, shape(`${to}/flat`, 5, [3])], `${to}/together`)
    const product = add('MatMul', [flat, `${to}.weight`], `${to}/product`)
    const apart = add('Reshape', [product, shape(`${to}/apart`, 1, [5, 3])], `${to}/tokens`)
    return add('Add', [add('Tanh', [apart], `${to}/tanh`), from], to)
  }
  if (rows === 'N') {
    const all = add('Shape', ['input'], 'shape')
    add('Unsqueeze', [add('Gather', [all, 'zero'], 'count', { axis: int(0) }), 'front'], 'rows')
  }
  const patches = add('Conv', ['input', 'patch.weight'], 'patches', {
    kernel_shape: ints([2, 2]),
    strides: ints([2, 2]),
  })
  const flat = add('Reshape', [patches, shape('patch/flat', 1, [3, 4])], 'flat')
  const tokens = add('Transpose', [flat], 'tokens', { perm: ints([0, 2, 1]) })
  const copies = rows === 'N' ? 1 : rows
  initializers.set(
    'class.token',
    filled([copies, 1, 3], (k) => Math.cos(k % 3)),
  )
  const token = rows === 'N' ? add('Expand', ['class.token', shape('class/shape', 1, [1, 3])], 'copied') : 'class.token'
  add('Concat', [token, tokens], 'joined', { axis: int(1) })
  layer('joined', 'first')
  layer('first', 'second')
  add('Gather', ['second', 'zero'], 'class', { axis: int(1) })
  add('Gemm', ['class', 'head.weight', 'head.bias'], 'logits', { transB: int(1) })
  return {
    irVersion: 8,
    opsets: { '': 17 },
    producer: { name: 'test', version: '' },
    metadata: {},
    graph: {
      name: 'tokens',
      inputs: [{ name: 'input', type: 'float32', dims: [rows, 2, 4, 4] }],
      outputs: [{ name: 'logits', type: 'float32', dims: [rows, 4] }],
      values: [],
      nodes,
      initializers,
    },
  }
}
