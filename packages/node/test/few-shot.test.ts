import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  applyStages,
  fromSparse,
  isSparse,
  type Matrix,
  matrix,
  nodeRuntime,
  rowOf,
  seededRandom,
  takeRows,
} from 'graft-learn'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { fewShotFigure, learnFewShot } from '../src/few-shot/index.ts'
import { lightPalette } from '../src/report/palette.ts'
import { figureFile } from '../src/report/panel.ts'
import { readTable } from '../src/tables/index.ts'

const data = process.env.GRAFT_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const folder = join(data, 'office-caltech10-mobilenetv2')
const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Twelve rows of each of three classes, a unit apart from each other. */
function clouds(): { features: Matrix; labels: Int32Array; classes: string[] } {
  const random = seededRandom(1)
  const labels = Int32Array.from({ length: 36 }, (_, i) => i % 3)
  const features = matrix(36, 5)
  labels.forEach((label, i) => {
    for (let j = 0; j < 5; j++) features.data[5 * i + j] = (j === label ? 3 : 0) + random.normal()
  })
  return { features, labels, classes: ['<a>', 'b', 'ç'] }
}

describe('learning from a few rows of each class', () => {
  it('gives a classifier, the numbers, the text and a drawing', async () => {
    const learnt = await learnFewShot({ ...clouds(), shots: 3, episodes: 20, runtime }, 'images')
    const { summary, lines, rows, stage } = learnt
    expect(rows.length).toBe(9)
    expect(summary.episodes).toEqual({ count: 20, ways: 3, queries: 15 })
    expect(summary.classifiers.length).toBe(6)
    expect(summary.classifiers[0]!.behind).toBeNull()
    const accuracies = summary.classifiers.map(({ accuracy }) => accuracy)
    expect(accuracies).toEqual([...accuracies].sort((a, b) => b - a))
    expect(summary.chosen.name).toBe(summary.classifiers[0]!.name)
    expect(lines[0]).toBe('20 episodes of 3 classes: 3 images of each to fit on, up to 15 others to score.')
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
    expect((await applyStages(runtime, [stage], clouds().features)).columns).toBe(3)
    const svg = figureFile(fewShotFigure(summary, lightPalette)!, 'few shots', lightPalette)
    for (const { name, accuracy } of summary.classifiers) {
      expect(svg).toContain(name)
      expect(svg).toContain(`${(100 * accuracy).toFixed(1)} ±`)
    }
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('works from one image of each class, and draws nothing', async () => {
    const { features, classes } = clouds()
    const one = { features: takeRows(features, [0, 1, 2]), labels: Int32Array.of(0, 1, 2), classes }
    const { summary, lines } = await learnFewShot({ ...one, shots: 1, runtime }, 'images')
    expect(summary.episodes).toBeNull()
    expect(fewShotFigure(summary, lightPalette)).toBeNull()
    expect(lines.at(-1)).toBe('nearest-class-mean, fitted on 3 images, at most 1 of each class.')
  })
})

describe.skipIf(!existsSync(folder))('photographs of ten things (skipped without GRAFT_DATA)', () => {
  const read = async (domain: string) => {
    const { features: read, labels: names } = await readTable(join(folder, `${domain}.npz`))
    const features = isSparse(read) ? fromSparse(read) : read
    const classes = [...new Set(names!)].sort() as string[]
    return { features, labels: Int32Array.from(names!, (name) => classes.indexOf(name!)), classes }
  }

  // NumPy and scikit-learn 1.9 (NearestCentroid, KNeighborsClassifier, LogisticRegression) gave these on the same rows.
  it('are told apart as by NumPy and scikit-learn on the same episodes', async () => {
    const candidates = [
      { name: 'unit rows', classifier: 'nearest-class-mean' },
      { name: 'cosine', classifier: 'prototypes', options: { metric: 'cosine' } },
      { name: 'euclidean', classifier: 'prototypes' },
      { name: 'logistic', classifier: 'logistic-regression' },
      { name: '1-NN', classifier: 'nearest-neighbour' },
    ]
    const request = { ...(await read('webcam')), shots: 5, ways: 10, episodes: 60, seed: 3, candidates, runtime }
    const { summary } = await learnFewShot(request, 'images')
    const found = Object.fromEntries(summary.classifiers.map(({ name, accuracy }) => [name, accuracy]))
    const expected = {
      'unit rows': 0.9371111111111,
      cosine: 0.9384444444444,
      euclidean: 0.9322222222222,
      logistic: 0.9498888888889,
      '1-NN': 0.945,
    }
    for (const [name, accuracy] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(accuracy, 12)
  })

  it('of another camera are recognised from five of each', async () => {
    const [webcam, dslr] = [await read('webcam'), await read('dslr')]
    const { stage, rows, summary } = await learnFewShot({ ...webcam, shots: 5, episodes: 40, runtime }, 'images')
    expect(rows.length).toBe(50)
    expect(summary.classifiers[0]!.accuracy).toBeGreaterThan(0.92)
    const p = await applyStages(runtime, [stage], dslr.features)
    const right = dslr.labels.filter((label, i) => rowOf(p, i).every((value) => value <= rowOf(p, i)[label]!))
    expect(right.length / p.rows).toBeGreaterThan(0.9)
  })
})

describe('docs/few-shot.md', () => {
  const page = readFileSync(new URL('../../../docs/few-shot.md', import.meta.url), 'utf8')
  const scratch = mkdtempSync(join(tmpdir(), 'graft-few-shot-'))
  afterAll(() => rmSync(scratch, { recursive: true }))

  it('has an example that prints what it says', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const file = join(scratch, 'few-shot.ts')
    writeFileSync(file, /```ts\n([\s\S]*?)```/.exec(page)![1]!)
    await import(/* @vite-ignore */ pathToFileURL(file).href)
    const said = log.mock.calls.flat()
    log.mockRestore()
    expect(said).toEqual(/It prints `(.*?)` and `(.*?)`/.exec(page)!.slice(1))
  })
})
