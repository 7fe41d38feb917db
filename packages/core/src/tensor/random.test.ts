import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './random.ts'

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next)
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
const correlation = (x: readonly number[], y: readonly number[]): number => {
  const [mx, my] = [mean(x), mean(y)]
  const product = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    mean(a.map((v, i) => (v - ma) * (b[i]! - mb)))
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my))
}

describe('seededRandom', () => {
  it('gives the same stream for the same seed, another for another', () => {
    const first = draw(50, seededRandom(7).uniform)
    expect(draw(50, seededRandom(7).uniform)).toEqual(first)
    expect(draw(50, seededRandom(8).uniform)).not.toEqual(first)
  })

  it('is uniform in [0, 1)', () => {
    const values = draw(100_000, seededRandom(1).uniform)
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true)
    const counts = new Array<number>(20).fill(0)
    for (const v of values) counts[Math.floor(v * 20)]!++
    const chiSquare = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
    expect(chiSquare).toBeLessThan(43.8) // 0.999 quantile, 19 degrees of freedom
  })

  it('draws unrelated first numbers from neighbouring seeds', () => {
    const firsts = draw(2000, () => 0).map((_, seed) => seededRandom(seed).uniform())
    expect(Math.abs(correlation(firsts.slice(1), firsts.slice(0, -1)))).toBeLessThan(0.08)
    const sorted = firsts.toSorted((a, b) => a - b)
    const distance = Math.max(...sorted.map((v, i) => Math.abs(v - (i + 0.5) / sorted.length)))
    expect(distance).toBeLessThan(0.044) // Kolmogorov and Smirnov, 0.999 quantile
  })

  it('draws standard normals', () => {
    const values = draw(100_000, seededRandom(2).normal)
    expect(Math.abs(mean(values))).toBeLessThan(0.013)
    expect(Math.abs(mean(values.map((v) => v * v)) - 1)).toBeLessThan(0.02)
    expect(Math.abs(mean(values.map((v) => v ** 4)) - 3)).toBeLessThan(0.15)
    expect(values.every(Number.isFinite)).toBe(true)
  })

  it('draws every integer below the bound about as often', () => {
    const random = seededRandom(3)
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  it('permutes: each index once, every order of three about as often', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(300), (seed, n) => {
        const order = seededRandom(seed).permutation(n)
        expect([...order].toSorted((a, b) => a - b)).toEqual(draw(n, () => 0).map((_, i) => i))
      }),
    )
    const random = seededRandom(4)
    const orders = new Map<string, number>()
    for (let i = 0; i < 12_000; i++) {
      const order = random.permutation(3).join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(6)
    for (const count of orders.values()) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  it('forks by name alone, whatever was drawn before', () => {
    const untouched = seededRandom(5)
    const drawn = seededRandom(5)
    draw(10, drawn.uniform)
    expect(draw(20, drawn.fork('batches').uniform)).toEqual(draw(20, untouched.fork('batches').uniform))
    expect(draw(20, untouched.fork('a').uniform)).not.toEqual(draw(20, untouched.fork('b').uniform))
    expect(draw(20, untouched.fork('a').fork('b').uniform)).not.toEqual(draw(20, untouched.fork('a/b').uniform))
  })

  it('forks into streams unrelated to each other and to their parent', () => {
    const random = seededRandom(6)
    const [parent, a, b] = [random, random.fork('a'), random.fork('b')].map((r) => draw(20_000, r.uniform))
    expect(Math.abs(correlation(parent!, a!))).toBeLessThan(0.025)
    expect(Math.abs(correlation(a!, b!))).toBeLessThan(0.025)
  })

  it('refuses what is no seed and no bound', () => {
    expect(() => seededRandom(Number.NaN)).toThrow('finite number')
    for (const bound of [0, -1, 1.5, Number.NaN]) expect(() => seededRandom(1).integer(bound)).toThrow('bound')
  })
})
