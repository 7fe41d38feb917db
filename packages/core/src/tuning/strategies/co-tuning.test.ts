import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import { matrix, rowOf, seededRandom } from '../../tensor/index.ts'
import { withLoss } from '../../training/index.ts'
import { coTuning } from './co-tuning.ts'
import { relationshipByBayes, relationshipByMeans } from './co-tuning-relationship.ts'
import { calibratingScale, softmaxOf } from './co-tuning-temperature.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const plan = async (context: Awaited<ReturnType<typeof strategyContext>>, options = {}) =>
  coTuning.plan(context, coTuning.options.parse(options))

describe('the scale that calibrates', () => {
  const scores = matrix(
    6,
    3,
    Float64Array.from({ length: 18 }, (_, k) => 6 * Math.sin(1 + 2 * Math.floor(k / 3) + 3 * (k % 3))),
  )

  it('is the minimum that SciPy 1.16 finds', () => {
    expect(calibratingScale(scores, Int32Array.of(0, 2, 1, 2, 0, 1))).toBeCloseTo(0.458078362, 7)
    expect(calibratingScale(scores, Int32Array.of(1, 2, 1, 0, 2, 1))).toBeCloseTo(0.19141964, 7)
  })

  it('stays within its bounds where every row is right, or every one wrong', () => {
    const sure = matrix(2, 2, Float64Array.of(3, -3, -3, 3))
    expect(calibratingScale(sure, Int32Array.of(0, 1))).toBeCloseTo(100, 6)
    expect(calibratingScale(sure, Int32Array.of(1, 0))).toBeCloseTo(0.01, 10)
  })

  it('gives probabilities for any scores', () => {
    expect([...softmaxOf(Float64Array.of(1000, 0, -1000), 2)]).toEqual([1, 0, 0])
  })
})

/**
 * Rows of 4 old classes and 3 new ones: `p(s)` as `prior`, `p(t | s)` as `given`, the old head being sure of the old class
 * with probability 0.97.
 */
const prior = [0.4, 0.3, 0.2, 0.1]
const given = [
  [0.9, 0.05, 0.05],
  [0.05, 0.9, 0.05],
  [0.1, 0.1, 0.8],
  [0.34, 0.33, 0.33],
]
function made(rows: number) {
  const random = seededRandom(5)
  const draw = (shares: readonly number[]) => {
    let left = random.uniform()
    return Math.max(
      0,
      shares.findIndex((share) => {
        left -= share
        return left < 0
      }),
    )
  }
  const probabilities = matrix(rows, 4, new Float64Array(rows * 4).fill(0.01))
  const labels = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    const s = draw(prior)
    probabilities.data[i * 4 + s] = 0.97
    labels[i] = draw(given[s]!)
  }
  return { probabilities, labels, classes: 3 }
}

/** `p(s | t)` by Bayes' rule, exactly. */
const truth = [0, 1, 2].map((t) => {
  const joint = prior.map((share, s) => share * given[s]![t]!)
  return joint.map((share) => share / joint.reduce((a, b) => a + b))
})

describe('the relationship of new to old classes', () => {
  it('by means is the mean prediction of each class’s rows', () => {
    const probabilities = matrix(3, 2, Float64Array.of(0.9, 0.1, 0.5, 0.5, 0.2, 0.8))
    const { shares } = relationshipByMeans({ probabilities, labels: Int32Array.of(0, 0, 2), classes: 3 })
    const expected = [0.7, 0.3, 1.6 / 3, 1.4 / 3, 0.2, 0.8]
    shares.data.forEach((share, k) => {
      expect(share).toBeCloseTo(expected[k]!, 12)
    })
  })

  it('by Bayes’ rule finds what the rows were made by', async () => {
    const { shares, by } = await relationshipByBayes(runtime, seededRandom(1), made(3000))
    expect(by).toBe('Bayes’ rule')
    for (const [t, row] of truth.entries()) {
      for (const [s, share] of row.entries()) {
        expect(Math.abs(rowOf(shares, t)[s]! - share), `${t} ${s}`).toBeLessThan(0.05)
      }
    }
  })

  it('is one of probabilities for any few rows and labels, classes without rows among them', async () => {
    const problems = fc.record({
      labels: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      seed: fc.integer({ min: 0, max: 99 }),
    })
    await fc.assert(
      fc.asyncProperty(problems, async ({ labels, seed }) => {
        const random = seededRandom(seed)
        const probabilities = matrix(labels.length, 5)
        for (let i = 0; i < labels.length; i++) {
          const scores = Float64Array.from({ length: 5 }, () => 3 * random.normal())
          rowOf(probabilities, i).set(softmaxOf(scores))
        }
        const predictions = { probabilities, labels: Int32Array.from(labels), classes: 5 }
        const found = [relationshipByMeans(predictions), await relationshipByBayes(runtime, random, predictions)]
        for (const { shares } of found) {
          for (let t = 0; t < 5; t++) {
            const row = rowOf(shares, t)
            expect(row.every((share) => share >= 0)).toBe(true)
            expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
          }
        }
        const single = new Set(labels).size === labels.length
        expect(found[1]!.by).toBe(single ? 'means' : 'Bayes’ rule')
      }),
      { numRuns: 25 },
    )
  })
})

describe('co-tuning', () => {
  const rows = Int32Array.of(3, 0, 8, 5)

  it.each(['logits', 'probabilities'] as const)('adds the cross-entropy of the old head: %s', async (oldHead) => {
    const context = await strategyContext(runtime, { oldHead })
    const { losses, inputs } = await plan(context, { relationship: 'direct' })
    const input = await context.inputs(rows, 1)
    const batch: Tensors = { input, ...(await inputs!(input, rows, 1)) }
    const [term] = losses!
    expect(term!.weight).toBe(2.3)

    const all = await context.inputs(
      Int32Array.from({ length: context.rows }, (_, i) => i),
      0,
    )
    const said = async (of: typeof input) => {
      const { dims, data } = (await runtime.run(context.network, { input: of })).old!
      const values = Float64Array.from(data as Float32Array)
      return Array.from({ length: dims[0]! }, (_, i) => {
        const row = values.subarray(i * 4, i * 4 + 4)
        return oldHead === 'logits' ? softmaxOf(row) : row
      })
    }
    const [start, now] = [await said(all), await said(input)]
    const target = (t: number) => {
      const own = start.filter((_, i) => context.labels[i] === t)
      return [0, 1, 2, 3].map((s) => own.reduce((sum, row) => sum + row[s]!, 0) / own.length)
    }
    const entropies = Array.from(rows, (row, i) =>
      target(context.labels[row]!).reduce((sum, share, s) => sum - share * Math.log(now[i]![s]!), 0),
    )
    const model = withLoss(context.network, [{ ...term!, weight: 1 }], batch)
    const { loss } = await runtime.run(model, batch)
    expect(Number(loss!.data[0])).toBeCloseTo(entropies.reduce((a, b) => a + b) / 4, 5)
  })

  it('calibrates by the old task where it is given, or as told', async () => {
    const context = await strategyContext(runtime, { oldTask: true })
    // The labels are what the network says: the surer, the better.
    expect((await plan(context)).facts!['scale of the old scores']).toBeCloseTo(100, 6)
    expect((await plan(context, { scale: 0.8 })).facts!['scale of the old scores']).toBe(0.8)
    expect((await plan(await strategyContext(runtime))).facts!['scale of the old scores']).toBe(1)
  })

  it('trains the old head along, and refuses a network without one', async () => {
    const context = await strategyContext(runtime)
    expect(context.oldHead!.parameters.every((await plan(context)).trainable!)).toBe(true)
    await expect(plan(await strategyContext(runtime, { oldHead: null }))).rejects.toThrow(/needs the head/)
  })
})
