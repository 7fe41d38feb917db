/** Digits 0 to 4, then 5 to 9: how much of the old ones is lost. */
import { adamW, cosine, lenet, rowsInMemory, seededRandom, softmaxCrossEntropy, train, tune, warmUp } from 'graft-learn'
import { accuracyOn, pick, rowsByClass, someOf } from './forgetting-rows.mjs'
import { readNpz } from './npz.mjs'

const OLD = [0, 1, 2, 3, 4]
const NEW = [5, 6, 7, 8, 9]
const [OLD_ROWS, NEW_ROWS, TEST_FROM, TEST_TO] = [400, 200, 400, 500]

export const forgettingSettings = [
  `LeNet is trained on ${OLD_ROWS} rows each of the digits 0 to 4, then tuned on ${NEW_ROWS} rows each of 5 to 9 in 15 epochs,`,
  'AdamW, learning rate 0.003, nothing held out. The new head starts at zero: a head that is fitted first leaves the',
  'features little to change, and with it `full` keeps most of the old digits too (the last rows). The old head scores the',
  `old digits. Accuracy in percent on ${TEST_TO - TEST_FROM} other rows of each digit.`,
].join('\n')

const settings = { learningRate: 3e-3, validation: 0, refit: false, headStart: 'zero', blend: 1, labelSmoothing: 0 }
const fitted = { headStart: 'logistic' }
const ways = [
  { training: '`full`', strategy: 'full' },
  { training: '`l2-sp`', strategy: 'l2-sp' },
  { training: '`ewc`', strategy: 'ewc', old: true },
  { training: '`ewc`, `lambda` 1000', strategy: 'ewc', options: { lambda: 1000 }, old: true },
  { training: '`ewc` without old rows', strategy: 'ewc' },
  { training: '`lwf`', strategy: 'lwf' },
  { training: '`full`, head fitted first', strategy: 'full', own: fitted },
  { training: '`lwf`, head fitted first', strategy: 'lwf', own: fitted },
]
const emptyResult = ({ training, own }) => ({
  training,
  reference: own === undefined ? '`full`' : '`full`, head fitted first',
  'new digits': [],
  'old digits': [],
})

/** Accuracy on new and old digits for each way, seed by seed. */
export async function forgetting(runtime, file, seeds, tell) {
  const { x, y } = readNpz(file)
  const images = {
    type: 'float32',
    dims: [y.values.length, 1, 28, 28],
    data: Float32Array.from(x.values, (v) => v / 255),
  }
  const results = [{ training: 'before' }, ...ways].map(emptyResult)
  for (let seed = 0; seed < seeds; seed++) {
    const random = seededRandom(seed)
    const byClass = rowsByClass(y.values, 10, random)
    const take = (digits, from, to) => {
      const rows = someOf(
        digits.map((digit) => byClass[digit]),
        from,
        to,
      )
      return rowsInMemory(
        pick(images, rows),
        rows.map((row) => y.values[row] - digits[0]),
      )
    }
    const [oldRows, oldTest] = [take(OLD, 0, OLD_ROWS), take(OLD, TEST_FROM, TEST_TO)]
    const [newRows, newTest] = [take(NEW, 0, NEW_ROWS), take(NEW, TEST_FROM, TEST_TO)]
    const model = await pretrained(runtime, oldRows, random, seed)
    results[0]['new digits'].push(null)
    results[0]['old digits'].push(await accuracyOn(runtime, model, 'logits', oldTest))
    for (const [i, { training, strategy, options = {}, own = {}, old = false }] of ways.entries()) {
      const tuned = await tune({
        runtime,
        model,
        training: newRows,
        classes: NEW.length,
        strategy,
        options,
        settings: { ...settings, ...own },
        epochs: 15,
        seed,
        ...(old && { oldTask: oldRows }),
      })
      const outputs = tuned.model.graph.outputs.map(({ name }) => name)
      const oldHead = outputs.find((name) => name !== 'logits' && name !== 'embedding')
      const found = [
        await accuracyOn(runtime, tuned.model, 'logits', newTest),
        await accuracyOn(runtime, tuned.model, oldHead, oldTest),
      ]
      results[i + 1]['new digits'].push(found[0])
      results[i + 1]['old digits'].push(found[1])
      tell(`seed ${seed}, ${training}: new ${found[0].toFixed(3)}, old ${found[1].toFixed(3)}`)
    }
  }
  return results
}

/** LeNet after 8 epochs of the old digits. */
async function pretrained(runtime, { rows, labels, fetch }, random, seed) {
  const model = lenet({ channels: 1, size: 28, classes: OLD.length, random: random.fork('weights') })
  const data = {
    rows,
    batch: async (some) => ({
      x: await fetch(some, 0),
      target: { type: 'int64', dims: [some.length], data: BigInt64Array.from(some, (row) => BigInt(labels[row])) },
    }),
  }
  const losses = [softmaxCrossEntropy({ logits: 'logits' })]
  const options = {
    data,
    losses,
    optimiser: adamW({}),
    epochs: 8,
    batchSize: 32,
    schedule: warmUp(cosine(1e-3), 30),
    seed,
  }
  return (await train(runtime, model, options)).model
}
