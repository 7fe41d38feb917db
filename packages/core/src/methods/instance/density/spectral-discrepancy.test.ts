import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { matrix, seededRandom, transpose } from '../../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../../../testing/matrices.ts'
import {
  halfSquaredNorm,
  halfSquaredNormValue,
  momentDifference,
  quadraticForms,
  SQUARINGS,
} from './spectral-discrepancy.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('Schatten’s norm', () => {
  const values = [3, -2.9, 1, 0.2, -1e-3, 0]
  const m = symmetricWith(values)

  it.each(SQUARINGS)('is that of the eigenvalues, %d squarings', async (squarings) => {
    const r = 2 ** squarings + 2
    const norm = values.reduce((sum, value) => sum + Math.abs(value) ** r, 0) ** (1 / r)
    expect((await halfSquaredNorm(runtime, m, squarings)).value).toBeCloseTo(norm ** 2 / 2, 10)
  })

  it.each(SQUARINGS)('is so in blocks, with its gradient, and by itself, %d squarings', async (squarings) => {
    const many = Array.from({ length: 81 }, (_, j) => Math.sin(1 + j) * 0.97 ** j)
    const [large, r] = [symmetricWith(many), 2 ** squarings + 2]
    const sum = many.reduce((total, value) => total + Math.abs(value) ** r, 0)
    const { value, gradient } = await halfSquaredNorm(runtime, large, squarings)
    expect(value).toBeCloseTo(sum ** (2 / r) / 2, 12)
    expect(await halfSquaredNormValue(runtime, large, squarings)).toBeCloseTo(value, 12)
    const slope = symmetricWith(many.map((own) => sum ** (2 / r - 1) * Math.sign(own) * Math.abs(own) ** (r - 1)))
    expect(largestDifference(gradient.data, slope.data)).toBeLessThan(1e-11)
  })

  it.each(SQUARINGS)('has the gradient that differences have, %d squarings', async (squarings) => {
    const { gradient } = await halfSquaredNorm(runtime, m, squarings)
    const step = 1e-5
    const change = symmetricWith([1, -1, 0.5, 0.3, -0.2, 0.7])
    const moved = (t: number) =>
      matrix(
        6,
        6,
        m.data.map((value, i) => value + t * change.data[i]),
      )
    const up = (await halfSquaredNorm(runtime, moved(step), squarings)).value
    const down = (await halfSquaredNorm(runtime, moved(-step), squarings)).value
    const slope = change.data.reduce((sum, value, i) => sum + value * gradient.data[i], 0)
    expect(Math.abs((up - down) / (2 * step) - slope)).toBeLessThan(1e-5 * Math.abs(slope))
  })

  it('is 0 with gradient 0 at 0, and does not overflow or vanish at other sizes', async () => {
    const zero = await halfSquaredNorm(runtime, matrix(4, 4), 7)
    expect(zero.value).toBe(0)
    expect([...zero.gradient.data].every((value) => value === 0)).toBe(true)
    for (const size of [1e-60, 1e60]) {
      const scaled = await halfSquaredNorm(
        runtime,
        matrix(
          6,
          6,
          m.data.map((value) => size * value),
        ),
        7,
      )
      expect(scaled.value / size ** 2).toBeCloseTo((await halfSquaredNorm(runtime, m, 7)).value, 9)
    }
  })
})

describe('second moments', () => {
  it('are weighted, row by row, and differ from the target’s', async () => {
    const x = normalMatrix(9, 3, seededRandom(1))
    const t = symmetricWith([2, 1, 0.5])
    const weights = Float64Array.of(0, 0.3, 0, 0.1, 0.2, 0, 0, 0.4, 0)
    const weighted = matrix(
      9,
      3,
      x.data.map((value, at) => value * weights[Math.floor(at / 3)]),
    )
    const expected = plainProduct(transpose(x), weighted).data.map((value, at) => value - t.data[at])
    expect(largestDifference((await momentDifference(runtime, x, t, weights)).data, expected)).toBeLessThan(1e-14)
    const forms = await quadraticForms(runtime, x, t)
    const turned = plainProduct(x, t)
    for (let i = 0; i < 9; i++) {
      let sum = 0
      for (let j = 0; j < 3; j++) sum += x.data[i * 3 + j] * turned.data[i * 3 + j]
      expect(forms[i]).toBeCloseTo(sum, 12)
    }
  })
})
