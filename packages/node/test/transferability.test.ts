import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel, seededRandom } from 'graft-learn'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { npz } from './npz.ts'

const folder = workFolder()

/** Bars of four directions on 6 × 6 pixels, with noise; a fifth class is a dot. */
function bars(rows: number) {
  const random = seededRandom(1)
  const labels = Array.from({ length: rows }, (_, i) => i % 5)
  const lit = [
    (i: number, _: number) => i === 2,
    (_: number, j: number) => j === 3,
    (i: number, j: number) => i === j,
    (i: number, j: number) => i + j === 5,
    (i: number, j: number) => i === 1 && j === 1,
  ]
  const image = (label: number) =>
    Array.from({ length: 36 }, (_, k) => Number(lit[label]!(Math.floor(k / 6), k % 6)) + 0.3 * random.normal())
  return { x: labels.map(image), labels }
}
const { x, labels } = bars(150)
put(folder, 'bars.npz', npz(x, labels))
const call = ['transferability', '--data', 'bars.npz', '--seeds', '2', '--epochs', '2', '--rows', '15', '--cuts', '1,3']

interface Printed {
  runs: { name: string; repetition: number; accuracy: number }[]
  [key: string]: unknown
}
/** What must not depend on when and where it ran. */
const numbersOf = (stdout: string) => {
  const { runs, summary, splits, planned, interrupted, layers } = JSON.parse(stdout) as Printed
  return { runs, summary, splits, planned, interrupted, layers }
}

const whole = await graft(folder, [...call, '--out', 'whole', '--json', '--quiet', '--figures'])

describe('graft transferability', () => {
  it('prints all runs with their summary, and writes report, figures, runs and bases', async () => {
    expect(whole.stderr).toBe('')
    expect(whole.code).toBe(0)
    const result = JSON.parse(whole.stdout)
    expect(result.command).toBe('transferability')
    expect(result.data).toMatchObject({
      rows: 150,
      image: { channels: 1, size: 6 },
      classes: ['0', '1', '2', '3', '4'],
    })
    expect(result.layers).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'fc1', 'fc2'])
    const once = ['baseA', 'baseB', ...[1, 3].flatMap((n) => [`B${n}B`, `B${n}B+`, `A${n}B`, `A${n}B+`, `R${n}B`])]
    expect(result.runs.map((run: { name: string }) => run.name)).toEqual([...once, ...once])
    expect(result.summary.cuts.map(({ cut }: { cut: number }) => cut)).toEqual([1, 3])
    expect(result.interrupted).toBe(false)
    const bases = ['bases', ...['1-A', '1-B', '2-A', '2-B'].map((name) => join('bases', `${name}.onnx`))]
    const files = ['curves.png', 'filters.png', 'report.html', 'runs.json', 'transferability.json']
    expect(contents(join(folder, 'whole'))).toEqual([...bases, ...files])
    expect(JSON.parse(readFileSync(join(folder, result.files.result), 'utf8'))).toEqual(result)
    const page = readFileSync(join(folder, 'whole', 'report.html'), 'utf8')
    for (const part of ['AnB+', 'conv3', '<svg', 'Base A, repetition 1', 'specificity']) expect(page).toContain(part)
    expect(page).not.toMatch(/NaN|undefined|<script/)
    const model = readModel(readFileSync(join(folder, 'whole', 'bases', '2-B.onnx')))
    expect(model.graph.initializers.get('conv1.weight')!.dims).toEqual([8, 1, 3, 3])
  })

  it('keeps finished runs on Ctrl-C, and goes on to the same result with --resume', async () => {
    const args = [...call, '--out', 'cut', '--json', '--quiet']
    const cut = await graft(folder, args, (child) => {
      const file = join(folder, 'cut', 'runs.json')
      const timer = setInterval(() => {
        if (!existsSync(file) || !readFileSync(file, 'utf8').includes('"B1B+"')) return
        clearInterval(timer)
        child.kill('SIGINT')
      }, 5)
    })
    expect(cut.code).toBe(130)
    expect(cut.stderr).toMatch(/interrupted; \d+ of 24 runs are saved in .*runs\.json, and --resume goes on/)
    const before = numbersOf(cut.stdout)
    expect(before.interrupted).toBe(true)
    expect(before.runs.length).toBeGreaterThanOrEqual(4)
    expect(before.runs.length).toBeLessThan(24)
    expect(readFileSync(join(folder, 'cut', 'report.html'), 'utf8')).toContain(`after ${before.runs.length} of 24 runs`)
    const resumed = await graft(folder, [...args, '--resume'])
    expect(resumed.code).toBe(0)
    expect(numbersOf(resumed.stdout)).toEqual(numbersOf(whole.stdout))
    const other = await graft(folder, [...args, '--resume', '--epochs', '3'])
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/runs\.json: its runs had another epochs: 2, now 3/)
  })

  it('takes classes of task A by name, and a perceptron for rows that are no images', async () => {
    const rows = x.map((row) => row.slice(0, 10))
    const header = Array.from({ length: 10 }, (_, j) => `v${j}`).join(',')
    const names = ['left', 'right', 'up', 'down', 'dot']
    const lines = rows.map((row, i) => `${row.map((value) => value.toFixed(3)).join(',')},${names[labels[i]!]}`)
    put(folder, 'rows.csv', [`${header},label`, ...lines, ''].join('\n'))
    const args = ['transferability', '--data', 'rows.csv', '--seeds', '1', '--epochs', '1', '--cuts', '2', '--quiet']
    const run = await graft(folder, [...args, '--network', 'mlp', '--split', 'up,left', '--out', 'rows'])
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/One repetition says nothing of errors/)
    expect(run.stdout).toMatch(/^2 +fc2 +\d+\.\d%/m)
    const { splits, data } = JSON.parse(readFileSync(join(folder, 'rows', 'transferability.json'), 'utf8'))
    expect(splits).toEqual([{ a: ['left', 'up'], b: ['dot', 'down', 'right'] }])
    expect(data.image).toBeNull()
    const images = await graft(folder, [...args, '--out', 'none'])
    expect(images.code).toBe(2)
    expect(images.stderr).toMatch(/rows\.csv: its rows have 10 features.*use --network mlp/)
  })

  it('draws the first filters of a given network, one tile each', async () => {
    const run = await graft(folder, ['transferability', '--model', 'whole/bases/1-A.onnx', '--out', 'drawn', '--json'])
    expect(run.code).toBe(0)
    const { filters, files } = JSON.parse(run.stdout)
    expect(filters).toEqual({ parameter: 'conv1.weight', count: 8, channels: 1 })
    const { data, info } = await sharp(join(folder, files.filters)).raw().toBuffer({ resolveWithObject: true })
    const model = readModel(readFileSync(join(folder, 'whole', 'bases', '1-A.onnx')))
    const weights = (model.graph.initializers.get('conv1.weight')!.data as Float32Array).subarray(0, 9)
    const largest = Math.max(...weights.map(Math.abs))
    // The first tile has 45 × 45 pixels, 15 for each weight.
    const grey = (y: number, x: number) => data[((15 * y + 7) * info.width + 15 * x + 7) * info.channels]
    const expected = Array.from(weights, (weight) => Math.round(127.5 * (1 + weight / largest)))
    expect([0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => grey(y, x)))).toEqual(expected)
  })

  it('takes a folder of images by class', async () => {
    const { mkdirSync } = await import('node:fs')
    for (const [i, row] of x.slice(0, 40).entries()) {
      const place = join(folder, 'photos', `class ${labels[i]}`)
      mkdirSync(place, { recursive: true })
      const raw = Buffer.from(
        row.flatMap((value) => Array(3).fill(Math.max(0, Math.min(255, Math.round(128 * value))))),
      )
      writeFileSync(
        join(place, `${i}.png`),
        await sharp(raw, { raw: { width: 6, height: 6, channels: 3 } })
          .png()
          .toBuffer(),
      )
    }
    writeFileSync(join(folder, 'photos', 'class 0', 'broken.png'), 'no picture')
    const args = [
      '--data',
      'photos',
      '--size',
      '8',
      '--seeds',
      '1',
      '--epochs',
      '1',
      '--cuts',
      '1',
      '--network',
      'lenet',
    ]
    const run = await graft(folder, ['transferability', ...args, '--out', 'seen', '--json', '--quiet'])
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/1 images? cannot be used/)
    const { data, layers } = JSON.parse(run.stdout)
    expect(data).toMatchObject({ rows: 40, image: { channels: 3, size: 8 } })
    expect(layers).toEqual(['conv1', 'conv2', 'fc1', 'fc2', 'fc3'])
  })
})

describe('wrong calls end with 2, say why, and leave no files', () => {
  put(
    folder,
    'three.npz',
    npz(
      x,
      labels.map((label) => label % 3),
    ),
  )
  put(folder, 'bare.npz', npz(x))
  const cases: Record<string, [args: string[], message: RegExp]> = {
    'no data': [[], /required option '--data <data>' not specified/],
    'too few classes': [['--data', 'three.npz'], /three\.npz: its rows have 3 classes.*need four/],
    'no labels': [['--data', 'bare.npz'], /bare\.npz: no row has a label/],
    'an unknown class': [['--data', 'bars.npz', '--split', '0,7'], /--split names "7", which is no class/],
    'one class for task A': [['--data', 'bars.npz', '--split', '0'], /got 1 in A and 4 in B/],
    'a cut too deep': [['--data', 'bars.npz', '--cuts', '6'], /cuts are whole numbers from 1 to 5/],
    'an unknown network': [['--data', 'bars.npz', '--network', 'vgg'], /lenet, cnn, mlp/],
    'nothing to go on with': [['--data', 'bars.npz', '--resume'], /there are no runs to go on with/],
    'a share of everything': [['--data', 'bars.npz', '--held-out', '1'], /between 0 and 1, got 1/],
  }
  it.each(Object.entries(cases))('%s', async (_, [args, message]) => {
    const run = await graft(folder, ['transferability', ...args, '--out', 'refused', '--json', '--quiet'])
    expect(run.stderr).toMatch(message)
    expect(run.stderr).not.toMatch(/\n {4}at /)
    expect(run.code).toBe(2)
    expect(run.stdout).toBe('')
    expect(existsSync(join(folder, 'refused'))).toBe(false)
  })
})
