import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel, webRuntime } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { decodeImage, PREPROCESSING_KEY, type Preprocessing } from '../src/images/index.ts'
import { contents, graft, put, workFolder } from './graft.ts'
import { clustersCsv, putNetwork, putPerceptron, putShapes, SMALL } from './tune-data.ts'

const root = workFolder()
const network = putNetwork(join(root, 'net.onnx'))
const train = await putShapes(join(root, 'train'), 12, 1)
const test = await putShapes(join(root, 'test'), 5, 2)
const options = Object.entries(SMALL).flatMap(([name, value]) => [`--${name}`, value])
const common = ['--model', network, '--cache', join(root, 'cache'), '--json', ...options]

describe('graft tune --json on images', async () => {
  const run = await graft(root, [
    ...['tune', ...common, '--train', train, '--test', test, '--out', 'out', '--epochs', '6', '--reuse', '1'],
    ...['--set', 'learningRate=0.003', '--seed', '2'],
  ])
  const result = JSON.parse(run.stdout)

  it('prints what the contract promises', () => {
    expect(run.code, run.stderr).toBe(0)
    expect(result).toMatchObject({
      command: 'tune',
      model: network,
      strategy: 'full',
      reuse: 1,
      blocks: 3,
      why: 'keeps 1 of 3 blocks, as was asked for',
      settings: { learningRate: 0.003 },
      seed: 2,
      train: { file: train, rows: 36, skipped: 0 },
      test: { file: test, rows: 15, skipped: 0 },
      classes: ['circle', 'square', 'triangle'],
      trainable: { parameters: 8 * 12 * 9 + 12 + 12 * 36 * 20 + 20 + 20 * 3 + 3, tensors: 6 },
      scores: { metric: 'accuracy' },
      interrupted: false,
      files: { model: 'out/model.onnx', predictions: 'out/predictions.csv', report: 'out/report.html' },
    })
    expect(result.epochs).toHaveLength(6)
    for (const [i, epoch] of result.epochs.entries()) {
      expect(epoch.epoch).toBe(i + 1)
      for (const key of ['loss', 'trainAccuracy', 'validationAccuracy', 'seconds']) {
        expect(Number.isFinite(epoch[key]), key).toBe(true)
      }
    }
    for (const score of [result.scores.validation, result.scores.test]) {
      expect(score).toBeGreaterThan(0.6)
      expect(score).toBeLessThanOrEqual(1)
    }
    const { read, base, head, depth, train: training, total } = result.seconds
    expect(total).toBeGreaterThan(0)
    expect(read + base + head + depth + training).toBeLessThan(total + 1e-3)
    expect(contents(join(root, 'out'))).toEqual(['model.onnx', 'predictions.csv', 'report.html'])
  })

  it('writes a plain model that onnxruntime-web runs to the numbers of graft predict and evaluate', async () => {
    const bytes = readFileSync(join(root, 'out', 'model.onnx'))
    const { graph, metadata } = readModel(bytes)
    expect(graph.inputs).toMatchObject([{ name: 'x', type: 'float32', dims: ['N', 3, 24, 24] }])
    expect(graph.inputs).toHaveLength(1)
    expect(graph.outputs.map(({ name, type, dims }) => [name, type, dims])).toEqual([
      ['label', 'string', ['N']],
      ['probabilities', 'float32', ['N', 3]],
      ['embedding', 'float32', ['N', 20]],
    ])
    expect(graph.nodes.every(({ domain }) => domain === undefined || domain === '')).toBe(true)
    const predicted = await graft(root, ['predict', '--model', 'out', '--input', test, '--json'])
    const { files, predictions, probabilities } = JSON.parse(predicted.stdout)
    const preprocessing = JSON.parse(metadata[PREPROCESSING_KEY]!) as Preprocessing
    const web = await webRuntime({ threads: 1 })
    for (const [row, file] of (files as string[]).entries()) {
      const data = await decodeImage(join(test, file), preprocessing)
      const said = await web.runFile(bytes, { x: { type: 'float32', dims: [1, 3, 24, 24], data } })
      expect(said.label!.data[0], file).toBe(predictions[row])
      for (const [c, share] of [...(said.probabilities!.data as Float32Array)].entries()) {
        expect(Math.abs(share - probabilities[row][c]), file).toBeLessThan(1e-4)
      }
    }
    await web.release()
    expect(files).toHaveLength(15)
    const lines = readFileSync(join(root, 'out', 'predictions.csv'), 'utf8')
      .trim()
      .split('\n')
    expect(lines[0]).toMatch(/^row,prediction,probability,circle,square,triangle/)
    for (const [row, line] of lines.slice(1).entries()) {
      const [number, name, probability, ...shares] = line.split(',')
      expect([number, name]).toEqual([`${row + 1}`, predictions[row]])
      for (const [c, share] of probabilities[row].entries()) expect(Number(shares[c])).toBeCloseTo(share, 4)
      expect(Number(probability)).toBeCloseTo(Math.max(...probabilities[row]), 4)
    }
    const evaluated = await graft(root, ['evaluate', '--model', 'out/model.onnx', '--input', test, '--json'])
    expect(JSON.parse(evaluated.stdout).scores.accuracy).toBeCloseTo(result.scores.test, 9)
  })

  it('says the same in words, for a table', async () => {
    putPerceptron(join(root, 'mlp.onnx'))
    put(root, 'rows.csv', clustersCsv(60, 1))
    put(root, 'more.csv', clustersCsv(30, 2))
    const call = ['tune', '--model', 'mlp.onnx', '--train', 'rows.csv', '--test', 'more.csv', '--out', 'table']
    const { code, stdout, stderr } = await graft(root, [...call, '--epochs', '3', '--strategy', 'l2-sp'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^rows\.csv: 60 rows of 3 classes\n/)
    expect(stdout).toMatch(/l2-sp: 243 numbers in 6 tensors trained; keeps 0 of 2 blocks, as the strategy does/)
    expect(stdout).toMatch(/Accuracy on the test rows: \d+\.\d ?%/)
    expect(stdout).toMatch(/Model: {7}table\/model\.onnx/)
    expect(stderr).toMatch(/epoch 3 of 3: loss/)
    const evaluated = await graft(root, ['evaluate', '--model', 'table', '--input', 'more.csv', '--json'])
    expect(JSON.parse(evaluated.stdout).scores.accuracy).toBeGreaterThan(0.8)
  })
})

it('ends with 2 and the nearest name where a setting is misspelt', async () => {
  const { code, stdout, stderr } = await graft(root, ['tune', ...common, '--train', train, '--set', 'learningrate=1'])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/"learningrate".*"learningRate"/)
  expect(contents(join(root, 'graft-out'))).toEqual([])
})
