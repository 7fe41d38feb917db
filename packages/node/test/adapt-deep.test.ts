import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { shiftedCsv } from './shifted.ts'
import { putNetwork, putShapes, SMALL } from './tune-data.ts'

const root = workFolder()
const images = Object.entries(SMALL).flatMap(([name, value]) => [`--${name}`, value])
const fast = ['--set', 'batchSize=16', '--set', 'learningRate=0.01', '--set', 'hidden=16']
const run = (...args: string[]) => graft(root, ['adapt', ...args])
const pixels = (shift: number, seed: number) => shiftedCsv({ rows: 60, features: 64, shift, seed })

beforeAll(async () => {
  put(root, 's.csv', shiftedCsv({ rows: 90, seed: 1 }))
  put(root, 't.csv', shiftedCsv({ rows: 60, shift: 1.5, seed: 2 }))
  put(root, 'five.csv', shiftedCsv({ features: 5 }))
  put(root, 'p.csv', pixels(0, 3))
  put(root, 'q.csv', pixels(0.5, 4))
  await putShapes(join(root, 'one'), 8, 1)
  await putShapes(join(root, 'other'), 6, 2)
  putNetwork(join(root, 'net.onnx'))
})

describe('graft adapt with a deep method', () => {
  it('on tables trains a perceptron, beside a source-only network trained likewise', async () => {
    const { code, stdout, stderr } = await run(
      ...['--source', 's.csv', '--target', 't.csv', '--method', 'dann', '--epochs', '4', '--out', 'table', '--json'],
      ...fast,
    )
    expect(code, stderr).toBe(0)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ method: 'dann', classifier: 'network', scale: 'zscore' })
    expect(result.options).toMatchObject({ epochs: 4, hidden: 16, batchSize: 16 })
    expect(result.training.epochs.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2, 3, 4])
    const [first] = result.training.epochs
    expect(Object.keys(first.losses).sort()).toEqual(['adversarial', 'classification', 'discriminator accuracy'])
    expect(first.discrepancy).toBeGreaterThanOrEqual(0)
    expect(result.training.kept).toBe(4)
    // The last epoch is looked at by the target's labels, and predicts.
    expect(result.training.epochs[3].onlooker).toBeCloseTo(result.scores.adapted, 6)
    expect(existsSync(join(root, 'table', 'checkpoints'))).toBe(false)
    const alone = await run(
      '--source',
      's.csv',
      '--target',
      't.csv',
      '--method',
      'source-only',
      '--epochs',
      '4',
      ...fast,
      '--json',
    )
    expect(JSON.parse(alone.stdout).scores.adapted).toBe(result.scores.sourceOnly)
    const report = readFileSync(join(root, 'table', 'report.html'), 'utf8')
    expect(report).toContain('Training, epoch by epoch')
    expect(report).toContain('onlooker')
  })

  it('saves a model that predicts new rows as the target’s were predicted', async () => {
    await run(
      '--source',
      'p.csv',
      '--target',
      'q.csv',
      '--backbone',
      'lenet',
      '--method',
      'dann',
      '--epochs',
      '2',
      '--out',
      'lenet',
      ...fast,
    )
    const again = await graft(root, ['predict', '--model', 'lenet', '--input', 'q.csv', '--output', 'again.csv'])
    expect(again.code, again.stderr).toBe(0)
    const columns = (file: string) =>
      readFileSync(join(root, file), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
    const [saved, now] = [columns('lenet/predictions.csv'), columns('again.csv')]
    expect(now.length).toBe(60)
    now.forEach(([row, label, probability], i) => {
      expect([row, label]).toEqual(saved[i]!.slice(0, 2))
      expect(Number(probability)).toBeCloseTo(Number(saved[i]![2]), 4)
    })
  })

  it('on folders of images trains the last blocks of a network, and the model takes images', async () => {
    const call = [
      '--source',
      'one',
      '--target',
      'other',
      '--backbone',
      'net.onnx',
      '--method',
      'dann',
      '--epochs',
      '2',
      '--cache',
      'cache',
    ]
    for (const reuse of ['0', '1', 'all']) {
      const { code, stdout, stderr } = await run(
        ...call,
        ...images,
        '--reuse',
        reuse,
        '--out',
        `images-${reuse}`,
        '--json',
        ...fast,
      )
      expect(code, stderr).toBe(0)
      expect(JSON.parse(stdout).scale).toBe(reuse === 'all' ? 'zscore' : 'none')
      const predicted = await graft(root, ['predict', '--model', `images-${reuse}`, '--input', 'other', '--json'])
      expect(predicted.code, predicted.stderr).toBe(0)
      expect(JSON.parse(predicted.stdout).rows).toBe(18)
    }
  })

  it('on folders of images trains a network from scratch', async () => {
    const { code, stdout, stderr } = await run(
      ...['--source', 'one', '--target', 'other', '--backbone', 'lenet', '--size', '16', '--method', 'dann'],
      ...['--epochs', '2', '--cache', 'cache', '--out', 'scratch', '--json', ...fast],
    )
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout).source[0].features).toBe(3 * 16 * 16)
  })

  it('that is interrupted goes on by --resume, to the same model', async () => {
    const call = ['--source', 's.csv', '--target', 't.csv', '--method', 'dann', '--epochs', '150', ...fast]
    await run(...call, '--out', 'whole')
    const kept = join(root, 'cut', 'checkpoints', 'dann-adaptation')
    let waiting: NodeJS.Timeout | undefined
    const cut = await graft(root, ['adapt', ...call, '--out', 'cut'], (child) => {
      waiting = setInterval(() => {
        if (!contents(kept).some((file) => file.startsWith('checkpoint-'))) return
        clearInterval(waiting)
        child.kill('SIGINT')
      }, 5)
    })
    clearInterval(waiting)
    expect(cut.code, cut.stderr).toBe(130)
    expect(existsSync(join(root, 'cut', 'model.onnx'))).toBe(false)
    expect(existsSync(join(root, 'cut', 'checkpoints'))).toBe(true)
    const resumed = await run(...call, '--out', 'cut', '--resume')
    expect(resumed.code, resumed.stderr).toBe(0)
    const bytes = (out: string) => readFileSync(join(root, out, 'model.onnx'))
    expect(bytes('cut').equals(bytes('whole'))).toBe(true)
  })

  it('refuses what cannot be done, and says what to do', async () => {
    const tables = ['--source', 's.csv', '--target', 't.csv']
    const folders = ['--source', 'one', '--target', 'other']
    const cases: [string[], RegExp][] = [
      [[...tables, '--method', 'dann', '--epochs', '0'], /--epochs 0: expected a whole number/],
      [[...tables, '--method', 'coral', '--epochs', '3'], /--epochs 3: no method of this call trains a network/],
      [[...tables, '--method', 'coral', '--backbone', 'lenet'], /leave --backbone out|trains no network/],
      [
        ['--source', 'five.csv', '--target', 'five.csv', '--method', 'dann', '--backbone', 'lenet'],
        /lenet works on square images.*take mlp/s,
      ],
      [[...tables, '--method', 'dann', '--reuse', '2'], /--reuse 2: .*--backbone F\.onnx/],
      [[...folders, '--method', 'dann'], /--backbone/],
      [[...folders, '--method', 'dann', '--backbone', 'lenet', '--reuse', '1'], /starts from random weights/],
      [[...folders, '--method', 'coral,dann', '--backbone', 'lenet'], /lenet is not trained/],
      [[...folders, '--method', 'dann', '--backbone', 'net.onnx', '--reuse', '99', ...images], /from 0 to \d+/],
      [[...folders, '--method', 'coral,dann', '--backbone', 'net.onnx', '--reuse', '1', ...images], /--reuse all/],
      [[...tables, '--method', 'dann', '--task', 'regression'], /predicts classes/],
    ]
    for (const [args, message] of cases) {
      const { code, stderr } = await run(...args)
      expect([args.join(' '), code]).toEqual([args.join(' '), 2])
      expect(stderr).toMatch(message)
    }
  })
})
