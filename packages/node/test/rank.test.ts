import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type GraphBuilder,
  graphBuilder,
  int,
  leep,
  logme,
  type Matrix,
  matrixFromRows,
  nodeRuntime,
  seededRandom,
  writeModel,
} from 'graft-learn'
import { describe, expect, it } from 'vitest'
import type { RankCall } from '../src/rank/rank-call.ts'
import { rankText } from '../src/rank/rank-text.ts'
import { runRank } from '../src/rank/run-rank.ts'
import { graft, put, workFolder } from './graft.ts'

const folder = workFolder()
const random = seededRandom(4)
const flowers = ['iris', 'rose', 'tulip']

/** Two columns that tell the class and two of noise. */
const rows = Array.from({ length: 60 }, (_, i) => [
  (i % 3 === 0 ? 3 : 0) + random.normal(),
  (i % 3 === 1 ? 3 : 0) + random.normal(),
  random.normal(),
  random.normal(),
])
const labels = Int32Array.from(rows, (_, i) => i % 3)
const csv = (last: (i: number) => string) =>
  `a,b,c,d,label\n${rows.map((row, i) => [...row, last(i)].join(',')).join('\n')}\n`
const table = put(
  folder,
  'flowers.csv',
  csv((i) => flowers[i % 3]!),
)

const dense = (graph: GraphBuilder, x: string, weight: readonly (readonly number[])[]): string =>
  graph.node('MatMul', [
    x,
    graph.constant({
      type: 'float32',
      dims: [weight.length, weight[0]!.length],
      data: Float32Array.from(weight.flat()),
    }),
  ])

/** A network whose features are two of four columns, rectified, with a classifier of three source classes. */
function network(columns: readonly [number, number], end: 'Softmax' | 'none' | 'Sigmoid' | 'features'): Uint8Array {
  const graph = graphBuilder('taken')
  const x = graph.input('x', 'float32', ['N', 4])
  const taken = [0, 1, 2, 3].map((row) => columns.map((column) => (row === column ? 1 : 0)))
  const features = graph.node('Relu', [dense(graph, x, taken)])
  if (end === 'features') {
    graph.output('features', features, 'float32', ['N', 2])
    return writeModel(graph.model())
  }
  const logits = dense(graph, features, [
    [2, 0, -1],
    [0, 2, -1],
  ])
  const given = end === 'none' ? logits : graph.node(end, [logits], end === 'Softmax' ? { axis: int(-1) } : {})
  graph.output('output', given, 'float32', ['N', 3])
  return writeModel(graph.model())
}
const telling = put(folder, 'telling.onnx', network([0, 1], 'Softmax'))
const noise = put(folder, 'noise.onnx', network([2, 3], 'none'))

const heard: string[] = []
const rank = (call: Partial<RankCall>) => {
  heard.length = 0
  const files = { models: (call.models ?? [telling, noise]).map((file) => join(folder, file)) }
  const train = join(folder, call.train ?? table)
  return runRank({ ...call, ...files, train }, { warn: (text) => heard.push(text), progress: () => {} })
}

/** What the network with the telling columns gives. */
const features: Matrix = matrixFromRows(
  rows.map(([a, b]) => [Math.max(0, Math.fround(a!)), Math.max(0, Math.fround(b!))]),
)

describe('graft rank on a table', () => {
  it('puts the network first whose features tell the classes, with the scores of the library', async () => {
    const { models, scores, train } = await rank({ models: [noise, telling] })
    expect(train).toMatchObject({ rows: 60, task: 'classification', classes: flowers })
    expect(models.map(({ model, rank }) => [model.slice(folder.length + 1), rank])).toEqual([
      [telling, 1],
      [noise, 2],
    ])
    const [best, worst] = models
    for (const { id, better } of scores) {
      expect(better).toBe('higher')
      expect(best!.scores[id]!).toBeGreaterThan(worst!.scores[id]!)
    }
    expect(best).toMatchObject({ dims: [2], width: 2, meanPlace: 0, missing: {} })
    const runtime = await nodeRuntime()
    expect(best!.scores.logme).toBeCloseTo(await logme(runtime, features, labels), 5)
    const exponentials = rows.map((_, i) => {
      const [a, b] = [features.data[2 * i]!, features.data[2 * i + 1]!]
      return [Math.exp(2 * a), Math.exp(2 * b), Math.exp(-a - b)]
    })
    const shares = exponentials.map((row) => row.map((value) => value / row.reduce((sum, other) => sum + other, 0)))
    expect(best!.scores.leep).toBeCloseTo(leep(matrixFromRows(shares), labels), 5)
    await runtime.release()
  })

  it('takes logits through a softmax: the same scores as with one in the network', async () => {
    put(folder, 'logits.onnx', network([0, 1], 'none'))
    const { models } = await rank({ models: [telling, 'logits.onnx'], scores: ['leep', 'nce'] })
    expect(models[0]!.scores.leep).toBeCloseTo(models[1]!.scores.leep!, 6)
    expect(models[0]!.scores.nce).toBe(models[1]!.scores.nce)
    expect(models.map(({ rank }) => rank)).toEqual([1, 1])
  })

  it('says why a network has no source probabilities, and ranks it by the other scores', async () => {
    put(folder, 'bare.onnx', network([0, 1], 'features'))
    put(folder, 'sigmoid.onnx', network([0, 1], 'Sigmoid'))
    const result = await rank({ models: ['bare.onnx', 'sigmoid.onnx', noise] })
    const byFile = Object.fromEntries(result.models.map((model) => [model.model.slice(folder.length + 1), model]))
    expect(byFile['bare.onnx']!.scores).toMatchObject({ leep: null, nce: null, logme: expect.any(Number) })
    expect(byFile['bare.onnx']!.missing.leep).toMatch(/ends with its features/)
    expect(byFile['sigmoid.onnx']!.missing.nce).toMatch(/"output" ends in a sigmoid/)
    expect(byFile[noise]!.scores.leep).toBeTypeOf('number')
    expect(byFile[noise]!.rank).toBe(3)
    const text = rankText(result)
    expect(text).toMatch(/RANK\s+MODEL\s+FEATURES\s+SIZE\s+LOGME\s+LEEP\s+NCE/)
    expect(text).toMatch(/1\s+bare\.onnx .* -\s+-/)
    expect(text).toContain('- in leep, nce of bare.onnx: it ends with its features')
    expect(text).toContain('mean place')
  })

  it('ranks numbers to predict by LogME', async () => {
    const flow = put(
      folder,
      'flow.csv',
      csv((i) => `${rows[i]![0]! + rows[i]![1]!}`),
    )
    const result = await rank({ train: flow, task: 'regression' })
    expect(result.scores.map(({ id }) => id)).toEqual(['logme'])
    expect(result.models[0]!.model).toContain(telling)
    await expect(rank({ train: flow, task: 'regression', scores: ['leep'] })).rejects.toThrow(
      /score leep ranks for classes only; take logme/,
    )
  })

  it('leaves rows without a label out, and says so', async () => {
    const gaps = put(
      folder,
      'gaps.csv',
      csv((i) => (i < 3 ? '' : flowers[i % 3]!)),
    )
    const { train } = await rank({ train: gaps, scores: ['logme'] })
    expect(train.rows).toBe(57)
    expect(heard).toEqual([expect.stringMatching(/3 rows have no label/)])
  })

  it('says what is wrong with a call', async () => {
    await expect(rank({ scores: ['logmee'] })).rejects.toThrow(/unknown score "logmee" \(did you mean "logme"\?\)/)
    await expect(rank({ models: ['none.onnx'] })).rejects.toThrow(/none.onnx: no such file/)
    await expect(rank({ preset: ['caffe'] })).rejects.toThrow(/--preset says how images are prepared/)
    const alike = put(
      folder,
      'alike.csv',
      csv(() => 'iris'),
    )
    await expect(rank({ train: alike })).rejects.toThrow(/alike.csv: all its labels are "iris"/)
    const narrow = put(folder, 'narrow.csv', 'a,label\n1,iris\n2,rose\n')
    await expect(rank({ train: narrow })).rejects.toThrow(/1 feature columns?, and input "x" takes 4/)
  })

  it('is a command with JSON on standard output, help, and exit code 2 for a wrong call', async () => {
    const run = await graft(folder, [
      'rank',
      '--models',
      `${telling},${noise}`,
      '--train',
      table,
      '--json',
      '--out',
      'ranked',
    ])
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    expect(JSON.parse(run.stdout)).toMatchObject({
      command: 'rank',
      models: [{ model: telling, rank: 1 }, { rank: 2 }],
    })
    expect(JSON.parse(readFileSync(join(folder, 'ranked/ranking.json'), 'utf8'))).toEqual(JSON.parse(run.stdout))
    const wrong = await graft(folder, ['rank', '--models', telling, '--train', table, '--scores', 'x'])
    expect([wrong.code, wrong.stdout]).toEqual([2, ''])
    expect(wrong.stderr).toContain('unknown score "x"')
    const help = await graft(folder, ['rank', '--help'])
    expect(help.stdout).toContain('Examples:')
    expect(help.stdout).toContain('--layers')
  })
})
