import { expect, test } from 'vitest'
import { lineSearch } from './line-search.ts'

type Function = (t: number) => readonly [value: number, slope: number]

const parabola: Function = (t) => [(t - 3) ** 2, 2 * (t - 3)]
const quartic: Function = (t) => [(t - 1) ** 4 + t ** 2 / 10, 4 * (t - 1) ** 3 + t / 5]
const walled: Function = (t) => (t < 2 ? [-Math.log(2 - t) - 4 * t, 1 / (2 - t) - 4] : [Number.NaN, Number.NaN])

async function search(f: Function, firstStep: number) {
  const evaluate = async (step: number) => ({ step, value: f(step)[0], slope: f(step)[1] })
  return lineSearch(evaluate, await evaluate(0), firstStep)
}

test.each([
  ['a parabola', parabola],
  ['a quartic', quartic],
  ['a function that ends at a wall', walled],
] as const)('meets the strong Wolfe conditions on %s, from short and long first steps', async (_, f) => {
  for (const firstStep of [1e-3, 1, 100]) {
    const found = await search(f, firstStep)
    const [value, slope] = f(0)
    expect(found!.value).toBeLessThanOrEqual(value + 1e-4 * found!.step * slope)
    expect(Math.abs(found!.slope)).toBeLessThanOrEqual(0.9 * Math.abs(slope))
  }
})

test('finds nothing where nothing decreases', async () => {
  const rising = async (step: number) => ({ step, value: step, slope: 1 })
  expect(await lineSearch(rising, { step: 0, value: 0, slope: -1 }, 1)).toBeUndefined()
})
