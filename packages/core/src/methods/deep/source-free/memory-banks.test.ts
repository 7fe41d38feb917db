import { expect, it } from 'vitest'
import { type Matrix, matrixFromRows, takeRows } from '../../../tensor/index.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { FEATURES, memoryBanks, PLACES, PREDICTIONS } from './memory-banks.ts'

const features = matrixFromRows([
  [3, 4],
  [0, 2],
  [0, 0],
])

/** A moment at which the network turns all features by a factor, and a batch of some rows. */
function moment(epoch: number, step: number, rows: readonly number[], logits: Matrix, factor = 1): DeepMoment {
  const target = Int32Array.from(rows)
  const values = { logits, features: { ...features, data: features.data.map((x, i) => (i === 0 ? factor * x : x)) } }
  const some = { logits: takeRows(values.logits, target), features: takeRows(values.features, target) }
  const network = {
    problem: { target: { rows: 3 }, classes: 2 },
    on: async () => values,
    run: async () => some,
  }
  return { epoch, step, rows: { target }, network, input: undefined } as unknown as DeepMoment
}

const sure = matrixFromRows([
  [1000, 0],
  [1000, 0],
  [1000, 0],
])
const other = matrixFromRows([
  [0, 1000],
  [0, 1000],
  [0, 1000],
])
const numbers = (tensor: { readonly data: ArrayLike<number | bigint> } | undefined) => Array.from(tensor!.data, Number)

it('remembers all rows at the start of an epoch, and then what batches show', async () => {
  const banks = memoryBanks()
  const first = await banks(moment(1, 0, [1], sure))
  expect(numbers(first[PLACES])).toEqual([1])
  expect(numbers(first[FEATURES])).toEqual([0.6, 0.8, 0, 1, 0, 0].map(Math.fround))
  expect(numbers(first[PREDICTIONS])).toEqual([1, 0, 1, 0, 1, 0])
  const second = await banks(moment(1, 1, [2, 0], other, -1))
  expect(numbers(second[PLACES])).toEqual([2, 0])
  expect(numbers(second[PREDICTIONS])).toEqual([0, 1, 1, 0, 0, 1])
  expect(numbers(second[FEATURES])[0]).toBeCloseTo(-0.6, 6)
  const third = await banks(moment(2, 0, [0], other))
  expect(numbers(third[PREDICTIONS])).toEqual([0, 1, 0, 1, 0, 1])
})

it('begins anew where training goes on in an epoch that it has not seen', async () => {
  const found = await memoryBanks()(moment(3, 2, [0], sure))
  expect(numbers(found[PREDICTIONS])).toEqual([1, 0, 1, 0, 1, 0])
})
