import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { graphBuilder, int, type Model, writeModel } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { PREPROCESSING_KEY, type Preprocessing, preprocessingText, presets } from '../src/images/index.ts'
import { runEvaluate } from '../src/saved-model/run-evaluate.ts'
import { runPredict } from '../src/saved-model/run-predict.ts'
import { workFolder } from './graft.ts'
import { plain, putImage } from './image-files.ts'

const root = workFolder()
const preprocessing: Preprocessing = { ...presets.mobilenet, width: 6, height: 4, layout: 'nchw' }
const classes = ['red', 'grün', '青']
const metadata = { 'graft.classes': JSON.stringify(classes), [PREPROCESSING_KEY]: preprocessingText(preprocessing) }

/** The class is the channel that is strongest on average. */
function strongest(batch: number | string = 'N', outputs = ['probabilities', 'label']): Model {
  const graph = graphBuilder()
  const means = graph.node('GlobalAveragePool', [graph.input('photo', 'float32', [batch, 3, 4, 6])])
  const probabilities = graph.node('Softmax', [graph.node('Flatten', [means])], { axis: int(1) })
  const names = graph.constant({ type: 'string', dims: [3], data: classes })
  const index = graph.node('ArgMax', [probabilities], { axis: int(1), keepdims: int(0) })
  graph.output(outputs[0]!, probabilities, 'float32', [batch, 3])
  if (outputs[1] !== undefined) graph.output(outputs[1], graph.node('Gather', [names, index]), 'string', [batch])
  return graph.model(metadata)
}
const model = join(root, 'model.onnx')
writeFileSync(model, writeModel(strongest()))
const folder = join(root, 'photos')
for (let i = 0; i < 9; i++) {
  const channel = (i + (i === 8 ? 1 : 0)) % 3
  const colour = [0, 1, 2].map((c) => (c === channel ? 200 : 40)) as [number, number, number]
  await putImage(folder, `${classes[i % 3]}/${i}.png`, plain(10, 10, ...colour))
}
await putImage(folder, 'red/broken.jpg', new Uint8Array(40))

const warnings: string[] = []
const hooks = {
  progress: () => {},
  whole: <T>(work: () => Promise<T>) => work(),
  warn: (text: string) => void warnings.push(text),
}

describe('predict on images', () => {
  it('names the class of each image that can be used, and its file', async () => {
    warnings.length = 0
    const { result, lines } = await runPredict({ model: root, input: folder }, hooks)
    expect(result).toMatchObject({ rows: 9, skipped: 1, classes, counts: { red: 4, grün: 3, 青: 2 } })
    expect(result.files).toEqual([
      'grün/1.png',
      'grün/4.png',
      'grün/7.png',
      'red/0.png',
      'red/3.png',
      'red/6.png',
      '青/2.png',
      '青/5.png',
      '青/8.png',
    ])
    // Number 8 lies in the folder of 青 and is red.
    expect(result.predictions).toEqual(['grün', 'grün', 'grün', 'red', 'red', 'red', '青', '青', 'red'])
    const [head, first] = [...lines()].join('').split('\n')
    expect(head).toBe('row,prediction,probability,red,grün,青,file')
    expect(first).toMatch(/^1,grün,0\.\d+,0\.\d+,0\.\d+,0\.\d+,grün\/1\.png$/)
    // The mean of (40, 200, 40) / 127.5 − 1, by softmax.
    const expected = 1 / (1 + 2 * Math.exp(-160 / 127.5))
    expect(result.probabilities![0]![1]).toBeCloseTo(expected, 5)
    expect(warnings.join()).toMatch(/1 file is skipped.*red\/broken\.jpg/)
  })

  it('takes one image, writes a file, and keeps to a fixed batch and to models without labels', async () => {
    const one = await runPredict({ model, input: join(folder, 'red/0.png'), output: join(root, 'one.csv') }, hooks)
    expect(one.result).toMatchObject({ rows: 1, counts: { red: 1, grün: 0, 青: 0 } })
    expect(readFileSync(join(root, 'one.csv'), 'utf8')).toMatch(/^row,.*file\n1,red,.*0\.png\n$/)
    const free = (await runPredict({ model, input: folder }, hooks)).result
    for (const [name, made] of [
      ['four', strongest(4)],
      ['bare', strongest('N', ['probabilities'])],
    ] as const) {
      const file = join(root, `${name}.onnx`)
      writeFileSync(file, writeModel(made))
      const { result } = await runPredict({ model: file, input: folder }, hooks)
      expect([result.predictions, result.probabilities]).toEqual([free.predictions, free.probabilities])
    }
  })

  it('refuses what does not fit, and says what does', async () => {
    await expect(runPredict({ model, input: join(root, 'one.csv') }, hooks)).rejects.toThrow(
      /expected a folder of images/,
    )
    const scores = join(root, 'scores.onnx')
    writeFileSync(scores, writeModel(strongest('N', ['scores'])))
    await expect(runPredict({ model: scores, input: folder }, hooks)).rejects.toThrow(
      /an output "probabilities".*got "scores"/,
    )
  })
})

it('evaluate scores images by their folders', async () => {
  const evaluation = await runEvaluate({ model, input: folder }, hooks)
  expect(evaluation.input).toEqual({ file: folder, rows: 9, labelled: 9 })
  expect(evaluation.classes).toEqual(classes)
  expect(evaluation.scores).toMatchObject({ metric: 'accuracy', accuracy: 8 / 9 })
  await putImage(join(root, 'other'), 'blue/1.png', plain(9, 9, 0, 0, 255))
  await expect(runEvaluate({ model, input: join(root, 'other') }, hooks)).rejects.toThrow(
    /"blue" is no class of the model/,
  )
})
