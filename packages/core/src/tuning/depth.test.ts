import { expect, it } from 'vitest'
import { chooseDepth, depthsToTry } from './depth.ts'

/** Trials whose accuracies and losses are known beforehand, by depth. */
const trials = (known: Readonly<Record<number, readonly [accuracy: number, loss: number]>>) => {
  const tried: number[] = []
  return {
    tried,
    tryDepth: async (reuse: number) => {
      tried.push(reuse)
      const [accuracy, loss] = known[reuse]!
      return { reuse, accuracy, loss, epochs: 2, seconds: 0.5 }
    },
  }
}

it('tries at most five depths, from all blocks down to none', () => {
  expect(depthsToTry(8)).toEqual([8, 6, 4, 2, 0])
  expect(depthsToTry(17)).toEqual([17, 13, 9, 4, 0])
  expect(depthsToTry(2)).toEqual([2, 1, 0].filter((depth, i, all) => all.indexOf(depth) === i))
  expect(depthsToTry(1)).toEqual([1, 0])
})

it('takes the most accurate, and says what the others got', async () => {
  const { tried, tryDepth } = trials({ 8: [0.6, 1], 6: [0.7, 1], 4: [0.9, 1], 2: [0.8, 1], 0: [0.5, 1] })
  const choice = await chooseDepth(8, 40, tryDepth)
  expect(choice!.reuse).toBe(4)
  expect(tried).toEqual([8, 6, 4, 2, 0])
  expect(choice!.why).toBe(
    'keeping 4 of 8 blocks got 90.0% of 40 held-out rows right (others: 8: 60.0%, 6: 70.0%, 2: 80.0%, 0: 50.0%)',
  )
})

it('stops where two depths in a row bring nothing', async () => {
  const { tried, tryDepth } = trials({ 8: [0.8, 1], 6: [0.8, 1.5], 4: [0.7, 1], 2: [1, 0], 0: [1, 0] })
  expect((await chooseDepth(8, 40, tryDepth))!.reuse).toBe(8)
  expect(tried).toEqual([8, 6, 4])
})

it('takes the lower loss of equal accuracies, and says so', async () => {
  const { tryDepth } = trials({ 4: [0.8, 1], 3: [0.8, 0.5], 2: [0.8, 0.6], 1: [0.8, 0.7], 0: [0.8, 0.1] })
  const choice = await chooseDepth(4, 40, tryDepth)
  expect(choice!.reuse).toBe(3)
  expect(choice!.why).toMatch(/^keeping 3 of 4 .* right, with the lowest loss of the best \(others: 4: 80\.0%/)
})

it('gives nothing where a trial is broken off', async () => {
  expect(await chooseDepth(4, 40, async () => undefined)).toBeUndefined()
})
