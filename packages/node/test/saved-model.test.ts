import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { graft, put, workFolder } from './graft.ts'
import { shiftedCsv } from './shifted.ts'

const folder = workFolder()
const source = put(folder, 'source.csv', shiftedCsv({ rows: 60, seed: 1 }))
const target = put(folder, 'target.csv', shiftedCsv({ rows: 45, seed: 2, shift: 3 }))
const table = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(','))
let adapted: { scores: { adapted: number } }

beforeAll(async () => {
  const run = await graft(folder, [
    'adapt',
    '--source',
    source,
    '--target',
    target,
    '--method',
    'sa',
    '--out',
    'm',
    '--json',
  ])
  adapted = JSON.parse(run.stdout)
})

describe('graft predict', () => {
  it('agrees with the predictions that adapt wrote, on standard output', async () => {
    const run = await graft(folder, ['predict', '--model', 'm', '--input', target])
    expect(run.code).toBe(0)
    const expected = table(readFileSync(join(folder, 'm', 'predictions.csv'), 'utf8'))
    const got = table(run.stdout)
    expect(got.map(([row, prediction]) => [row, prediction])).toEqual(
      expected.map(([row, prediction]) => [row, prediction]),
    )
    for (const [i, cells] of got.slice(1).entries()) {
      for (const [j, cell] of cells.slice(2).entries())
        expect(Number(cell)).toBeCloseTo(Number(expected[i + 1]![j + 2]), 4)
    }
  })

  it('writes a file and says what is in it', async () => {
    const args = ['predict', '--model', 'm/model.onnx', '--input', target, '--output', 'p.csv', '--json']
    const run = await graft(folder, args)
    const { command, model, rows, classes, counts, output } = JSON.parse(run.stdout)
    expect({ command, model, rows, classes, output }).toEqual({
      command: 'predict',
      model: 'm/model.onnx',
      rows: 45,
      classes: ['a', 'b', 'c'],
      output: 'p.csv',
    })
    expect(counts.a + counts.b + counts.c).toBe(45)
    expect(table(readFileSync(join(folder, 'p.csv'), 'utf8'))).toHaveLength(46)
  })

  it('gives the rows as JSON where no file is asked for', async () => {
    const run = await graft(folder, ['predict', '--model', 'm', '--input', target, '--json'])
    const { classes, predictions, probabilities, output } = JSON.parse(run.stdout)
    expect(output).toBe(null)
    const [, ...rows] = table(readFileSync(join(folder, 'm', 'predictions.csv'), 'utf8'))
    expect(predictions).toEqual(rows.map(([, prediction]) => prediction))
    expect(probabilities.map((row: number[]) => classes[row.indexOf(Math.max(...row))])).toEqual(predictions)
  })
})

describe('graft evaluate', () => {
  it('finds the score that adapt found, and more', async () => {
    const run = await graft(folder, ['evaluate', '--model', 'm', '--input', target, '--json'])
    const result = JSON.parse(run.stdout)
    expect(result).toMatchObject({ command: 'evaluate', input: { file: target, rows: 45, labelled: 45 } })
    expect(result.scores.accuracy).toBeCloseTo(adapted.scores.adapted, 12)
    expect(result.scores.balancedAccuracy).toBeGreaterThan(0)
    expect(result.scores.macroF1).toBeGreaterThan(0)
    expect(result.perClass.map(({ name }: { name: string }) => name)).toEqual(['a', 'b', 'c'])
    expect(result.confusion.flat().reduce((a: number, b: number) => a + b)).toBe(45)
    const text = await graft(folder, ['evaluate', '--model', 'm', '--input', target])
    expect(text.stdout).toMatch(/CLASS +ROWS +PRECISION +RECALL +F1/)
  })
})

describe('graft inspect', () => {
  it('tells what a model holds', async () => {
    const run = await graft(folder, ['inspect', 'm', '--json'])
    const result = JSON.parse(run.stdout)
    expect(result).toMatchObject({ kind: 'model', inputs: [{ name: 'features', type: 'float32', dims: ['N', 4] }] })
    expect(result.outputs.map(({ name }: { name: string }) => name)).toEqual(['label', 'probabilities', 'embedding'])
    expect(result.metadata).toMatchObject({
      'graft.method': 'sa',
      'graft.classes': '["a","b","c"]',
      'graft.features': '["x0","x1","x2","x3"]',
    })
    expect((await graft(folder, ['inspect', 'm/model.onnx'])).stdout).toMatch(
      /^File +m\/model\.onnx\nInputs +features: float32/,
    )
  })

  it('tells what a table holds', async () => {
    const run = await graft(folder, ['inspect', source, '--json'])
    expect(JSON.parse(run.stdout)).toMatchObject({
      kind: 'data',
      rows: 60,
      features: 4,
      classes: [{ name: 'a', rows: 20 }, { name: 'b' }, { name: 'c' }],
    })
    expect((await graft(folder, ['inspect', source])).stdout).toContain('3 (a: 20, b: 20, c: 20)')
  })
})
