import { describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom } from '../../tensor/index.ts'
import { meanOver } from './losses/graph-values.ts'
import { freshMlp } from './network/fresh-network.ts'
import { deepSettings } from './settings.ts'
import { trainDeep } from './train-deep.ts'
import type { DeepRows } from './trainer/deep-problem.ts'
import type { DeepStage } from './trainer/deep-stage.ts'

const runtime = await nodeRuntime()
const random = seededRandom(5)

/** Two classes of four numbers each, moved by `shift`. */
function rows(count: number, shift: number): DeepRows & { labels: Int32Array } {
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2)
  const data = Float32Array.from({ length: 4 * count }, (_, k) => {
    const label = labels[Math.floor(k / 4)]!
    return (k % 4 === label ? 2 : 0) + 0.5 * random.normal() + shift
  })
  return { rows: count, features: 4, data, labels }
}

const [source, target] = [rows(64, 0), rows(48, 0.5)]
const problem = { sources: [source], target, classes: 2, present: Int32Array.of(0, 1) }
const network = freshMlp({ features: 4, outputs: 2, random: seededRandom(2), normalised: false }, [8])
const settings = Object.fromEntries(
  Object.entries({ ...deepSettings }).map(([name, setting]) => [name, setting.parse(undefined)]),
) as Parameters<typeof trainDeep>[0]['settings']
const run = (stages: readonly DeepStage[], change: Partial<typeof settings> = {}, hooks = {}) =>
  trainDeep({
    runtime,
    problem,
    network,
    stages,
    settings: { ...settings, epochs: 6, batchSize: 16, learningRate: 0.01, ...change },
    random: seededRandom(1),
    hooks,
  })

describe('training of a deep method', () => {
  it('learns the source, and tells each epoch, the target’s onlooker included', async () => {
    const told: number[] = []
    const hooks = { onlooker: (found: Int32Array) => found.filter((c, i) => c === target.labels[i]).length / 48 }
    const { history } = await run(
      [{ uses: 'source' }],
      {},
      { ...hooks, onEpoch: ({ epoch }: { epoch: number }) => told.push(epoch) },
    )
    expect(told).toEqual([1, 2, 3, 4, 5, 6])
    expect(history.epochs.at(-1)!.losses.classification).toBeLessThan(history.epochs[0]!.losses.classification!)
    expect(history.epochs.at(-1)!.onlooker).toBeGreaterThan(0.8)
    expect(history.epochs.every(({ discrepancy, gradientNorm }) => discrepancy! > 0 && gradientNorm! > 0)).toBe(true)
    expect(history).toMatchObject({ kept: 6, warnings: [] })
  })

  it('goes through its stages, each from where the one before ended, extra networks included', async () => {
    const seen: number[] = []
    const extra: DeepStage['build'] = (step) => {
      const weight = step.extra('own', (graph) =>
        graph.constant({ type: 'float32', dims: [1, 8], data: new Float32Array(8).fill(1) }, 'own.weight'),
      )
      step.loss(
        'pull',
        meanOver(step.graph, step.graph.node('Abs', [step.graph.node('Mul', [step.target.features, weight])])),
      )
    }
    const { weights, history } = await run([
      { name: 'first', epochs: 2, build: extra, trains: ['own'] },
      {
        name: 'second',
        epochs: 1,
        build: extra,
        trains: ['own'],
        inputs: ({ weights: now }) => {
          seen.push((now['own.weight']!.data as Float32Array)[0]!)
          return {}
        },
      },
    ])
    expect(history.epochs.map(({ stage }) => stage)).toEqual(['first', 'first', 'second'])
    // Where a unit is never active its weight keeps its 1; others had moved when the second stage began.
    expect(Object.keys(weights)).toContain('own.weight')
    expect(Math.min(...(weights['own.weight']!.data as Float32Array))).toBeLessThan(0.99)
    expect(seen[0]).toBeLessThanOrEqual(1)
    // What no stage trains stays.
    expect(weights['fc1.weight']).toEqual(network.model.graph.initializers.get('fc1.weight'))
  })

  it('keeps the last whole epoch where training breaks, and says so', async () => {
    const breaking: DeepStage = {
      build(step) {
        const growing = step.scalar('growing', (at, steps) => (at < steps / 2 ? 0 : 3e38))
        const squares = step.graph.node('Mul', [step.target.logits, step.target.logits])
        step.loss('broken', meanOver(step.graph, step.graph.node('Mul', [squares, growing])), 1)
      },
    }
    const { history, weights } = await run([breaking])
    expect(history.kept).toBe(3)
    expect(history.epochs).toHaveLength(3)
    expect(history.warnings[0]).toMatch(/^adaptation: training diverged after epoch 3, .*Lower learningRate/)
    expect(Object.values(weights).every(({ data }) => (data as Float32Array).every(Number.isFinite))).toBe(true)
  })

  it('chooses an epoch by a score without labels where asked', async () => {
    const { history } = await run([{ uses: 'source' }], { select: 'entropy' })
    const scores = history.epochs.map(({ score }) => score!)
    expect(history.kept).toBe(1 + scores.indexOf(Math.max(...scores)))
  })

  it('refuses a turn that minimises a loss that is not there', async () => {
    const turns = [{ losses: { 'no such loss': 1 }, trains: ['head'] }]
    await expect(run([{ turns }])).rejects.toThrow('"no such loss"')
  })
})
