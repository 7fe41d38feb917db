import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { affineStage, buildWithConstants, graphBuilder } from '../onnx/index.ts'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, rowOf, seededRandom, takeRows, tensorMatrix } from '../tensor/index.ts'
import { findCandidates } from './candidates.ts'
import { drawEpisodes } from './episodes.ts'
import { evaluateEpisodes } from './evaluate-episodes.ts'
import { fewShot } from './few-shot.ts'
import type { FewShotRequest } from './few-shot-request.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const classes = ['ant', 'bee', 'cat', 'dog']

/** Clouds of standard deviation 1 around `distance` times the axes of the four classes; `sizes[c]` rows of class `c`. */
function clouds(sizes: readonly number[], distance: number, seed = 1): { features: Matrix; labels: Int32Array } {
  const random = seededRandom(seed)
  const labels = Int32Array.from(sizes.flatMap((size, c) => Array<number>(size).fill(c)))
  const features = matrix(labels.length, 6)
  labels.forEach((label, i) => {
    const row = rowOf(features, i)
    for (let j = 0; j < 6; j++) row[j] = (j === label ? distance : 0) + random.normal()
  })
  return { features, labels }
}

const request = (sizes: readonly number[], distance: number, more: Partial<FewShotRequest> = {}): FewShotRequest => ({
  ...clouds(sizes, distance),
  classes,
  shots: 2,
  episodes: 30,
  runtime,
  ...more,
})

describe('evaluating episodes', () => {
  it('gives what one hand-made episode gives, the mean over classes of the share that is right', async () => {
    const features = matrix(7, 1, Float64Array.of(0, 10, 1, 2, 9, 8, 7))
    const labels = Int32Array.of(0, 1, 0, 1, 1, 1, 1)
    const rows = (numbers: number[]) => ({
      rows: Int32Array.from(numbers),
      labels: Int32Array.from(numbers, (i) => labels[i]!),
    })
    const episode = { classes: Int32Array.of(0, 1), support: rows([0, 1]), query: rows([2, 3, 4, 5, 6]) }
    const context = { runtime, random: seededRandom(0) }
    const [scores] = await evaluateEpisodes(features, [episode], findCandidates(['prototypes']), context)
    // All right but the row at 2: of class 0 one of one, of class 1 three of four.
    expect([...scores!.accuracies]).toEqual([(1 + 3 / 4) / 2])
  })

  it('is at chance without signal and near one with clear classes', async () => {
    const names = ['prototypes', 'nearest-class-mean', 'cosine-classifier'] as const
    for (const [distance, low, high] of [
      [0, 0.22, 0.28],
      [12, 0.97, 1],
    ] as const) {
      const { features, labels } = clouds([40, 40, 40, 40], distance)
      const { episodes } = drawEpisodes(labels, { shots: 5, episodes: 40 }, seededRandom(0))
      const context = { runtime, random: seededRandom(0) }
      for (const { accuracies } of await evaluateEpisodes(features, episodes, findCandidates(names), context)) {
        const mean = accuracies.reduce((a, b) => a + b) / 40
        expect(mean).toBeGreaterThanOrEqual(low)
        expect(mean).toBeLessThanOrEqual(high)
      }
    }
  })

  it('does not change when classes are numbered otherwise, nor, by cosine, with the lengths of rows', async () => {
    const { features, labels } = clouds([10, 10, 10, 10], 3)
    const { episodes } = drawEpisodes(labels, { ways: 3, shots: 2, episodes: 20 }, seededRandom(0))
    const renumbered = episodes.map(({ classes: own, support, query }) => {
      const other = (part: typeof support) => ({ rows: part.rows, labels: part.labels.map((label) => 2 - label) })
      return { classes: own.toReversed(), support: other(support), query: other(query) }
    })
    const scaled = matrix(
      40,
      6,
      features.data.map((value, at) => value * (1 + (Math.floor(at / 6) % 5))),
    )
    const run = (rows: Matrix, drawn: typeof episodes, candidates: Parameters<typeof findCandidates>[0]) =>
      evaluateEpisodes(rows, drawn, findCandidates(candidates), { runtime, random: seededRandom(0) })
    const accuraciesOf = async (...args: Parameters<typeof run>) => (await run(...args)).map((each) => each.accuracies)
    const all = ['prototypes', 'nearest-class-mean', 'cosine-classifier']
    expect(await accuraciesOf(features, renumbered, all)).toEqual(await accuraciesOf(features, episodes, all))
    const byAngle = ['nearest-class-mean', 'cosine-classifier']
    expect(await accuraciesOf(scaled, episodes, byAngle)).toEqual(await accuraciesOf(features, episodes, byAngle))
  })
})

describe('fewShot', () => {
  it('scores all candidates on the same episodes and fits the best on as many rows', async () => {
    const result = await fewShot(request([30, 30, 30, 30], 4))
    expect(result.episodes).toEqual({ ways: 4, shots: 2, queries: 15, episodes: 30 })
    expect(result.scores.length).toBe(6)
    const best = result.scores.reduce((a, b) => (b.accuracy.mean > a.accuracy.mean ? b : a))
    expect(result.chosen.name).toBe(best.name)
    expect(best.behind).toBeNull()
    for (const { accuracies, accuracy, behind } of result.scores) {
      expect(accuracy.mean).toBeCloseTo(accuracies.reduce((a, b) => a + b) / 30, 12)
      if (behind === null) continue
      expect(behind.mean).toBeCloseTo(best.accuracy.mean - accuracy.mean, 12)
      // Differences on the same episodes vary less than the accuracies do.
      expect(behind.halfWidth).toBeLessThan(accuracy.halfWidth + best.accuracy.halfWidth)
    }
    expect([...result.rows].map((row) => Math.floor(row / 30))).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
    const fresh = clouds([25, 25, 25, 25], 4, 2)
    const p = await applyStages(runtime, [result.stage], fresh.features)
    expect([p.rows, p.columns]).toEqual([100, 4])
    const right = fresh.labels.filter((label, i) => rowOf(p, i).every((value) => value <= rowOf(p, i)[label]!))
    expect(right.length / 100).toBeGreaterThan(best.accuracy.mean - 0.15)
  })

  it('gives the same twice, and leaves its inputs alone', async () => {
    const asked = request([6, 7, 8, 9], 3, { seed: 5, ways: 3 })
    const { features, labels } = structuredClone({ features: asked.features, labels: asked.labels })
    const facts = async () => {
      const { scores, rows, chosen } = await fewShot(asked)
      return { rows, chosen, accuracies: scores.map(({ accuracies }) => accuracies) }
    }
    const first = await facts()
    expect(await facts()).toEqual(first)
    expect({ features: asked.features, labels: asked.labels }).toEqual({ features, labels })
    expect((await fewShot({ ...asked, seed: 6 })).rows).not.toEqual(first.rows)
  })

  it('works from one row per class, without episodes', async () => {
    const result = await fewShot(request([1, 1, 0, 1], 12, { shots: 1 }))
    expect([result.episodes, result.scores]).toEqual([null, []])
    expect(result.chosen.name).toBe('nearest-class-mean')
    expect(result.tooSmall).toEqual([
      { name: 'ant', rows: 1 },
      { name: 'bee', rows: 1 },
      { name: 'cat', rows: 0 },
      { name: 'dog', rows: 1 },
    ])
    const p = await applyStages(runtime, [result.stage], clouds([1, 1, 0, 1], 12, 3).features)
    for (const [i, label] of [0, 1, 3].entries()) expect(p.data[4 * i + label]).toBeGreaterThan(0.5)
    expect(p.data[2]).toBe(0)
  })

  it('names classes with too few rows, leaves them out of episodes, and fits on what they have', async () => {
    const result = await fewShot(request([9, 2, 9, 9], 8, { shots: 3 }))
    expect(result.tooSmall).toEqual([{ name: 'bee', rows: 2 }])
    expect(result.episodes!.ways).toBe(3)
    expect(result.rows.length).toBe(11)
    expect((await fewShot(request([9, 2, 9, 9], 8, { shots: 3, fitOn: 'all' }))).rows.length).toBe(29)
  })

  it('takes the candidate and the preparation it is given, and the stage stands alone', async () => {
    const shift = Float64Array.of(5, 5, 5, 5, 5, 5)
    const preparation = affineStage(shift, new Float64Array(6).fill(1))
    const candidates = ['nearest-class-mean', { classifier: 'prototypes', options: { metric: 'cosine' } }, 'ridge']
    const asked = request([9, 9, 9, 9], 6, { preparation, candidates, choose: 'prototypes metric=cosine' })
    const { stage, chosen, scores, rows } = await fewShot(asked)
    expect(chosen).toEqual({
      name: 'prototypes metric=cosine',
      classifier: 'prototypes',
      options: { metric: 'cosine', temperature: null },
    })
    expect(scores.map(({ name }) => name)).toEqual(['nearest-class-mean', 'prototypes metric=cosine', 'ridge'])
    const x = clouds([3, 3, 3, 3], 6, 9).features
    const graph = graphBuilder()
    graph.output('y', buildWithConstants(stage, graph, graph.input('x', 'float64', ['n', 6]), 'c'), 'float64', ['n', 4])
    const alone = tensorMatrix((await runtime.run(graph.model(), { x: matrixTensor(x) })).y!)
    expect(alone).toEqual(await applyStages(runtime, [stage], x))
    const [own] = findCandidates([candidates[1]!])
    const moved = await applyStages(runtime, [preparation], asked.features)
    const set = { features: takeRows(moved, rows), labels: rows.map((row) => asked.labels[row]!), classes: 4 }
    const classifier = await own!.fit(set, { runtime, random: seededRandom(0) })
    expect(await applyStages(runtime, [preparation, classifier], x)).toEqual(alone)
  })

  it('says how far it is and stops when told to', async () => {
    const steps: number[] = []
    await fewShot(request([9, 9, 9, 9], 6, { episodes: 4, progress: (done, total) => steps.push(done / total) }))
    expect(steps).toEqual([0.25, 0.5, 0.75, 1])
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(fewShot(request([9, 9, 9, 9], 6, { signal: stop.signal }))).rejects.toThrow('enough')
  })

  it.each([
    [{ labels: Int32Array.of(1) }, /36 rows need as many labels, got 1/],
    [{ labels: new Int32Array(36).fill(2) }, /needs rows of two or more, got rows of 1/],
    [{ labels: new Int32Array(36).fill(4) }, /row 1: a label is a class index from 0 to 3, got 4/],
    [{ shots: 0 }, /number of shots/],
    [{ episodes: 1 }, /number of episodes is a whole number of 2 or more, got 1/],
    [{ ways: 5 }, /need 5 classes of 3 rows or more, got 4/],
    [{ candidates: [] }, /name one or more/],
    [{ candidates: ['prototype'] }, /unknown classifier "prototype" \(did you mean "prototypes"\?\)/],
    [{ candidates: ['ridge', 'ridge'] }, /two classifiers to try are named "ridge"/],
    [{ candidates: [{ classifier: 'ridge', options: { beta: 1 } }] }, /setting of classifier "ridge" "beta"/],
    [{ choose: 'ridge' }, /no classifier to try is named "ridge": there are nearest-class-mean, /],
  ])('refuses %o', async (change: Partial<FewShotRequest>, message) => {
    await expect(fewShot(request([9, 9, 9, 9], 6, change))).rejects.toThrow(message)
  })
})
