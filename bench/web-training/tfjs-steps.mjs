/** The networks of `../training-steps.mjs` in TensorFlow.js, with its own order of dimensions: channels last. */

/** Prepares a network's step; the function returned runs it once. */
export function stepper(tf, name) {
  const { inputs, weights, loss, alsoByInput = false } = networks[name](tf)
  const optimiser = tf.train.sgd(0.01)
  const variables = weights.map((weight) => tf.variable(weight))
  const byAll = tf.valueAndGrads((x, ...parameters) => loss(x, parameters))
  const withInput = () => {
    const { value, grads } = byAll([inputs, ...variables])
    optimiser.applyGradients(Object.fromEntries(variables.map((variable, i) => [variable.name, grads[i + 1]])))
    return value
  }
  return async () => {
    const value = tf.tidy(() => (alsoByInput ? withInput() : optimiser.minimize(() => loss(inputs, variables), true)))
    const [number] = await value.data()
    value.dispose()
    return number
  }
}

const networks = {
  mlp: (tf) => perceptron(tf, 256, 512),
  small: (tf) => perceptron(tf, 32, 64),
  conv: (tf) =>
    layer(tf, [64, 26, 26, 32], weights(tf, [3, 3, 32, 64], 64, 288), (x, w) => tf.conv2d(x, w, 1, 'valid')),
  depthwise: (tf) =>
    layer(tf, [32, 28, 28, 192], weights(tf, [3, 3, 192, 1], 192, 9), (x, w) => tf.depthwiseConv2d(x, w, 1, 'same')),
  lenet,
}

function perceptron(tf, rows, hidden) {
  return {
    inputs: tf.randomUniform([rows, 784]),
    weights: [
      ...weights(tf, [784, hidden], hidden, 784),
      ...weights(tf, [hidden, hidden], hidden, hidden),
      ...weights(tf, [hidden, 10], 10, hidden),
    ],
    loss: crossEntropy(tf, rows, (x, [w1, b1, w2, b2, w3, b3]) => {
      const first = tf.relu(dense(tf, x, w1, b1))
      return dense(tf, tf.relu(dense(tf, first, w2, b2)), w3, b3)
    }),
  }
}

function lenet(tf) {
  const block = (x, w, b) => tf.maxPool(tf.relu(tf.add(tf.conv2d(x, w, 1, 'valid'), b)), 2, 2, 'valid')
  return {
    inputs: tf.randomUniform([64, 28, 28, 1]),
    weights: [
      ...weights(tf, [5, 5, 1, 20], 20, 25),
      ...weights(tf, [5, 5, 20, 50], 50, 500),
      ...weights(tf, [800, 500], 500, 800),
      ...weights(tf, [500, 10], 10, 500),
    ],
    loss: crossEntropy(tf, 64, (x, [w1, b1, w2, b2, w3, b3, w4, b4]) => {
      const features = tf.reshape(block(block(x, w1, b1), w2, b2), [64, 800])
      return dense(tf, tf.relu(dense(tf, features, w3, b3)), w4, b4)
    }),
  }
}

/** One convolution and the mean of its squared outputs, differentiated by its input too. */
const layer = (tf, dims, [weight, bias], convolve) => ({
  inputs: tf.randomUniform(dims),
  weights: [weight, bias],
  loss: (x, [w, b]) => tf.mean(tf.square(tf.add(convolve(x, w), b))),
  alsoByInput: true,
})

const dense = (tf, x, w, b) => tf.add(tf.matMul(x, w), b)

function crossEntropy(tf, rows, logits) {
  const classes = Array.from({ length: rows }, (_, i) => i % 10)
  const target = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 10), 'float32')
  return (x, parameters) => tf.losses.softmaxCrossEntropy(target, logits(x, parameters))
}

/** A weight and its bias, uniform up to 1/√(inputs of each output). */
const weights = (tf, dims, outputs, inputs) =>
  [dims, [outputs]].map((shape) => tf.randomUniform(shape, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs)))
