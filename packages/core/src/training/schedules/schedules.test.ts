import { describe, expect, it } from 'vitest'
import { constantRate, cosine, dannFactor, dannRate, oneCycle, type Schedule, stepDecay, warmUp } from './index.ts'

const all = (schedule: Schedule, steps: number) => Array.from({ length: steps }, (_, step) => schedule(step, steps))

/** The two agree to the seven digits that are written here. */
function expectRates(got: readonly number[], expected: readonly number[]): void {
  expect(got.length).toBe(expected.length)
  got.forEach((rate, step) => {
    expect(Math.abs(rate / expected[step]! - 1), `step ${step}: ${rate}`).toBeLessThan(1e-6)
  })
}

describe('schedules', () => {
  it('one cycle is that of OneCycleLR(max_lr=0.2, total_steps=7, pct_start=0.1, div_factor=10, final_div_factor=100)', () => {
    const expected = [0.1988842, 0.17973354, 0.14118758, 0.092634462, 0.04589963, 0.012365664, 0.0002]
    expectRates(all(oneCycle(0.2, { rising: 0.1, startDivisor: 10, endDivisor: 100 }), 7), expected)
  })

  it('one cycle is that of OneCycleLR(max_lr=0.5, total_steps=50)', () => {
    const rates = all(oneCycle(0.5), 50)
    expectRates(rates.slice(0, 5), [0.02, 0.026017301, 0.043767471, 0.072360441, 0.11036245])
    expectRates(rates.slice(12, 17), [0.47623253, 0.4939827, 0.5, 0.49899358, 0.49598241])
    expectRates(rates.slice(46), [0.0090112491, 0.0040195868, 0.0010084225, 2e-6])
  })

  it('the cosine is that of CosineAnnealingLR(T_max=12, eta_min=0.05)', () => {
    const expected = [0.5, 0.49233332, 0.46985573, 0.43409902, 0.3875, 0.33323428, 0.275, 0.21676572]
    expectRates(all(cosine(0.5, 0.05), 12).slice(0, 8), expected)
    expect(cosine(0.5, 0.05)(12, 12)).toBeCloseTo(0.05, 12)
  })

  it('steps are those of StepLR(step_size=5, gamma=0.3)', () => {
    expectRates(all(stepDecay(0.5, { every: 5, factor: 0.3 }), 11), [
      ...[0.5, 0.5, 0.5, 0.5, 0.5],
      ...[0.15, 0.15, 0.15, 0.15, 0.15],
      0.045,
    ])
  })

  it('warm-up is that of LinearLR(start_factor=0.25, total_iters=3), on top of any other', () => {
    expectRates(all(warmUp(constantRate(0.5), 4), 6), [0.125, 0.25, 0.375, 0.5, 0.5, 0.5])
    expect(warmUp(cosine(1), 10)(5, 20)).toBeCloseTo(0.6 * cosine(1)(5, 20), 12)
  })

  it('DANN anneals rate and factor along 1 / (1 + 10 p)^0.75 and 2 / (1 + exp(−10 p)) − 1', () => {
    expectRates(all(dannRate(0.01), 4), [0.01, 0.00390794971, 0.0026084743, 0.00200879586])
    expect(dannFactor()(0, 10)).toBe(0)
    expectRates(
      [0.1, 0.5, 1].map((p) => dannFactor()(10 * p, 10)),
      [0.46211716, 0.9866143, 0.99990920426],
    )
  })

  it('are never anything but numbers, however few the steps', () => {
    for (const schedule of [constantRate(1), cosine(1), oneCycle(1), dannRate(1), dannFactor(), warmUp(cosine(1), 9)]) {
      for (const steps of [1, 2, 3]) for (const rate of all(schedule, steps)) expect(Number.isFinite(rate)).toBe(true)
    }
  })

  it('refuse settings out of range', () => {
    expect(() => stepDecay(1, { every: 0 })).toThrow(/every is 0/)
    expect(() => warmUp(constantRate(1), 0.5)).toThrow(/warmUpSteps is 0.5/)
    expect(() => oneCycle(1, { rising: 1 })).toThrow(/rising is 1/)
    expect(() => oneCycle(1, { startDivisor: 0 })).toThrow(/startDivisor is 0/)
  })
})
