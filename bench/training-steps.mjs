/**
 * The networks of the training benchmarks, as `training_step.py` has them: models built in TypeScript, each with a batch
 * and a loss, compiled to a step with SGD.
 */
import { compileStep, graphBuilder, int, ints, runStep, seededRandom, sgd, softmaxCrossEntropy } from 'graft-learn'

/** Each network; `target` is what its step may take, as a multiple of PyTorch's. */
export const networks = {
  mlp: { target: 1.15, make: () => classifier([256, 784], perceptron(512)) },
  small: { target: 1.15, make: () => classifier([32, 784], perceptron(64)) },
  conv: { target: 1.15, make: () => layer([64, 32, 26, 26], { filters: 64, pad: 0, groups: 1 }) },
  depthwise: { target: 1.4, make: () => layer([32, 192, 28, 28], { filters: 192, pad: 1, groups: 192 }) },
  lenet: { target: 1.4, make: () => classifier([64, 1, 28, 28], lenet) },
}

/** Prepares a network's step; the function returned runs it once, from the weights the one before left. */
export async function stepper(runtime, name) {
  const { batch, model, ...options } = networks[name].make()
  const compiled = await compileStep(runtime, model, { batch, optimiser: sgd(), ...options })
  let state = compiled.start
  let step = 0
  return async () => {
    const result = await runStep(runtime, compiled, state, batch, { step: step++, learningRate: 0.01 })
    state = result.state
    return result.loss
  }
}

/** A network that tells ten classes apart, with mean softmax cross-entropy. */
function classifier(dims, layers) {
  const draw = drawer()
  const graph = graphBuilder('network')
  const x = graph.input('x', 'float32', dims)
  graph.output('logits', layers(graph, draw, x), 'float32', [dims[0], 10])
  const classes = BigInt64Array.from({ length: dims[0] }, (_, i) => BigInt(i % 10))
  const target = { type: 'int64', dims: [dims[0]], data: classes }
  return {
    model: graph.model(),
    batch: { x: draw(dims, 0, 1), target },
    losses: [softmaxCrossEntropy({ logits: 'logits' })],
  }
}

const perceptron = (hidden) => (graph, draw, x) => {
  const first = graph.node('Relu', [dense(graph, draw, x, 784, hidden)])
  const second = graph.node('Relu', [dense(graph, draw, first, hidden, hidden)])
  return dense(graph, draw, second, hidden, 10)
}

function lenet(graph, draw, x) {
  const block = (input, channels, filters) => {
    const y = graph.node('Relu', [convolution(graph, draw, input, { channels, filters, size: 5, pad: 0, groups: 1 })])
    return graph.node('MaxPool', [y], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) })
  }
  const features = graph.node('Flatten', [block(block(x, 1, 20), 20, 50)])
  const hidden = graph.node('Relu', [dense(graph, draw, features, 800, 500)])
  return dense(graph, draw, hidden, 500, 10)
}

/**
 * A convolution 3 × 3 alone, with the mean of its squared outputs for a loss. Like a layer inside a network it passes
 * the gradient on to its input.
 */
function layer([n, channels, ...space], { filters, pad, groups }) {
  const draw = drawer()
  const graph = graphBuilder('layer')
  const x = graph.input('x', 'float32', [n, channels, ...space])
  const y = convolution(graph, draw, x, { channels, filters, size: 3, pad, groups })
  graph.output('y', y, 'float32', [n, filters, ...space.map((size) => size + 2 * pad - 2)])
  const batch = { x: draw([n, channels, ...space], 0, 1) }
  return { model: graph.model(), batch, losses: [meanSquare('y')], inputGradients: ['x'] }
}

function meanSquare(output) {
  const build = (graph) => graph.node('ReduceMean', [graph.node('Mul', [output, output])], { keepdims: int(0) })
  return { name: 'mean-square', build }
}

function dense(graph, draw, x, inputs, outputs) {
  const { weight, bias } = weights(graph, draw, [outputs, inputs])
  return graph.node('Gemm', [x, weight, bias], { transB: int(1) })
}

function convolution(graph, draw, x, { channels, filters, size, pad, groups }) {
  const { weight, bias } = weights(graph, draw, [filters, channels / groups, size, size])
  const attributes = { kernel_shape: ints([size, size]), pads: ints([pad, pad, pad, pad]), group: int(groups) }
  return graph.node('Conv', [x, weight, bias], attributes)
}

/** A weight `outputs × …` and its bias, uniform as PyTorch draws them: up to 1/√(inputs of each output). */
function weights(graph, draw, dims) {
  const bound = 1 / Math.sqrt(dims.slice(1).reduce((product, dim) => product * dim, 1))
  return {
    weight: graph.constant(draw(dims, -bound, bound), 'weight'),
    bias: graph.constant(draw([dims[0]], -bound, bound), 'bias'),
  }
}

/** Draws float32 tensors, uniform from `low` to `high`. */
function drawer() {
  const random = seededRandom(0)
  return (dims, low, high) => {
    const size = dims.reduce((product, dim) => product * dim, 1)
    const data = Float32Array.from({ length: size }, () => low + (high - low) * random.uniform())
    return { type: 'float32', dims, data }
  }
}
