import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidInputError, readModel, strategies } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import type { TuneCall } from '../src/tune/call.ts'
import { runTune } from '../src/tune/run-tune.ts'
import { contents, put, workFolder } from './graft.ts'
import { clustersCsv, listening, putNetwork, putPerceptron, putShapes, SMALL } from './tune-data.ts'

const root = workFolder()
const network = putNetwork(join(root, 'net.onnx'))
const perceptron = putPerceptron(join(root, 'mlp.onnx'))
const shapes = await putShapes(join(root, 'shapes'), 8, 1)
const at = (name: string): string => join(root, name)
const table = at(put(root, 'rows.csv', clustersCsv(45, 1)))
const more = at(put(root, 'more.csv', clustersCsv(30, 2)))
const old = at(put(root, 'old.csv', clustersCsv(30, 3, ['0', '1', '2'])))
const cache = at('cache')

const onTable = (change: Partial<TuneCall>) =>
  runTune({ model: perceptron, train: table, out: at('out'), epochs: 4, ...change }, listening().watch)
const onImages = (change: Partial<TuneCall>, heard = listening()) =>
  runTune({ model: network, train: shapes, out: at('out'), cache, epochs: 2, ...SMALL, ...change }, heard.watch)
const weightsIn = (file: string) => [...readModel(readFileSync(file)).graph.initializers].map(([, { data }]) => data)

describe('graft tune on a table', () => {
  for (const { id, needs = {} } of strategies.filter(({ needs }) => !needs?.batchNormalisation)) {
    it(`works with the strategy ${id}`, async () => {
      const remember = needs.oldTask ? { remember: old } : {}
      const result = await onTable({ strategy: id, test: more, ...remember })
      expect(result).toMatchObject({ strategy: id, test: { rows: 30 }, classes: ['high', 'low', 'mid'] })
      expect(result.reuse).toBe(id === 'head' ? 2 : 0)
      expect(result.scores.test).toBeGreaterThan(0.7)
      expect(weightsIn(result.files.model).length).toBeGreaterThan(5)
    })
  }

  it('chooses a depth and says why', async () => {
    const { reuse, trials, why } = await onTable({ reuse: 'auto' })
    expect(trials.map((trial) => trial.reuse)).toContain(reuse)
    expect(trials.length).toBeGreaterThan(1)
    expect(why).toMatch(new RegExp(`^keeping ${reuse} of 2 blocks got .* held-out rows right`))
  })

  it('tells what was forgotten of the old task', async () => {
    const { forgetting } = await onTable({ remember: old, settings: ['learningRate=0.05'] })
    expect(forgetting).toMatchObject({ rows: 30 })
    expect(forgetting!.before).toBeGreaterThanOrEqual(0)
    expect((await onTable({ remember: old, strategy: 'head' })).forgetting!.after).toBe(forgetting!.before)
  })

  it('takes rows for validation, leaves unlabelled ones out, and gives the same file for the same seed', async () => {
    const lines = clustersCsv(40, 5).replace(/,low\n/, ',\n')
    put(root, 'gaps.csv', lines)
    const heard = listening()
    const call = { model: perceptron, train: at('gaps.csv'), validation: more, out: at('gaps'), epochs: 3, seed: 4 }
    const result = await runTune(call, heard.watch)
    expect(result.train).toMatchObject({ rows: 39, skipped: 1 })
    expect(heard.warnings.join()).toMatch(/gaps\.csv: 1 rows? ha(s|ve) no label: left out/)
    const first = readFileSync(result.files.model)
    const again = await runTune(call, listening().watch)
    expect(readFileSync(again.files.model).equals(first)).toBe(true)
  })
})

describe('graft tune on images', () => {
  it('computes what is frozen once: a second call finds it on disk', async () => {
    const strategy = 'head'
    const first = await onImages({ strategy, cache: at('fresh'), out: at('first') })
    const model = readFileSync(first.files.model)
    const sizes = () => contents(at('fresh')).map((name) => [name, statSync(join(at('fresh'), name)).size])
    const kept = sizes()
    const second = await onImages({ strategy, cache: at('fresh'), out: at('second') })
    expect(readFileSync(second.files.model).equals(model)).toBe(true)
    expect(kept.length).toBeGreaterThan(0)
    expect(sizes()).toEqual(kept)
  })

  it('varies images where the network is trained, unless told not to', async () => {
    const same = { epochs: 1, seed: 1, settings: ['validation=0'] }
    const varied = await onImages({ ...same, out: at('varied') })
    const plain = await onImages({ ...same, augment: false, out: at('plain') })
    expect(weightsIn(varied.files.model)).not.toEqual(weightsIn(plain.files.model))
    const again = await onImages({ ...same, out: at('again') })
    expect(weightsIn(varied.files.model)).toEqual(weightsIn(again.files.model))
  })

  it('measures the old task by the numbers of its classes', async () => {
    const remember = await putShapes(at('known'), 2, 5, (name) => ({ circle: '0', square: '3' })[name] ?? '4')
    const { forgetting } = await onImages({ strategy: 'head', remember })
    expect(forgetting).toMatchObject({ rows: 6 })
    expect(forgetting!.after).toBe(forgetting!.before)
  })
})

describe('graft tune refuses', () => {
  const fault = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error instanceof InvalidInputError ? error.message : `unexpected: ${error}`),
    )

  it('rows whose class the training rows lack', async () => {
    put(root, 'strange.csv', clustersCsv(9, 4, ['low', 'mid', 'hihg']))
    for (const call of [{ test: at('strange.csv') }, { validation: at('strange.csv') }]) {
      expect(await fault(onTable(call))).toMatch(/strange\.csv: the label "hihg" is none of the classes .*"high"/)
    }
    const test = await putShapes(at('strange'), 1, 4, (name) => (name === 'circle' ? 'disc' : name))
    expect(await fault(onImages({ test }))).toMatch(/"disc" is no class of the model, which knows "circle"/)
  })

  it('one class', async () => {
    put(root, 'one.csv', clustersCsv(9, 4, ['low', 'low', 'low']))
    expect(await fault(onTable({ train: at('one.csv') }))).toMatch(/1 class: give two or more/)
  })

  it('depths, strategies, settings and epochs that are not there', async () => {
    expect(await fault(onTable({ reuse: '7' }))).toMatch(/has 2 blocks to keep/)
    expect(await fault(onTable({ reuse: 'most' }))).toMatch(/--reuse most: give the number of blocks/)
    expect(await fault(onTable({ strategy: 'fulll' }))).toMatch(/"fulll".*"full"/)
    expect(await fault(onTable({ strategy: 'stoch-norm' }))).toMatch(/works on batch normalisation/)
    expect(await fault(onTable({ settings: ['alhpa=1'], strategy: 'l2-sp' }))).toMatch(/"alhpa".*"alpha"/)
    expect(await fault(onTable({ settings: ['learningRate=fast'] }))).toMatch(/learningRate/)
    expect(await fault(onTable({ settings: ['learningRate'] }))).toMatch(/learningRate/)
    expect(await fault(onTable({ strategy: 'lwf', settings: ['rest=afresh'] }))).toMatch(/starts afresh forgets/)
  })

  it('data that the network does not take', async () => {
    expect(await fault(onTable({ train: shapes }))).toMatch(/rows of 4, not images/)
    expect(await fault(onImages({ train: table }))).toMatch(/takes images \(3 × 24 × 24\).*no folder of images/)
    expect(await fault(onTable({ train: at('absent.csv') }))).toMatch(/absent\.csv/)
    put(root, 'wide.csv', 'a,b,c,d,e,label\n1,2,3,4,5,x\n5,4,3,2,1,y\n')
    expect(await fault(onTable({ train: at('wide.csv') }))).toMatch(/5 features, and the network takes 4/)
    expect(await fault(onTable({ model: table }))).toMatch(/rows\.csv/)
    expect(await fault(onImages({ features: 'nothing' }))).toMatch(/nothing/)
  })
})
