import { describe, expect, it } from 'vitest'
import type { DeepEpoch } from './deep-history.ts'
import { troubleIn } from './trouble.ts'

const epochs = (count: number, of: (at: number) => Partial<DeepEpoch>): DeepEpoch[] =>
  Array.from({ length: count }, (_, i) => ({
    stage: 'adaptation',
    epoch: i + 1,
    loss: 1,
    losses: { classification: 1 / (i + 1) },
    gradientNorm: 1,
    learningRate: 1e-3,
    discrepancy: 0.3,
    score: null,
    onlooker: null,
    seconds: 1,
    ...of(i),
  }))
const told = (accuracy: number, discrepancy = 0.3) => ({
  losses: { classification: 0.1, 'discriminator accuracy': accuracy },
  discrepancy,
})

describe('trouble in a training', () => {
  it('is not seen where all goes well, nor in a few epochs', () => {
    expect(troubleIn(epochs(10, () => ({})))).toEqual([])
    expect(troubleIn(epochs(10, (i) => told(0.9 - 0.04 * i, 0.3 - 0.02 * i)))).toEqual([])
    expect(troubleIn(epochs(3, () => told(1)))).toEqual([])
  })

  it.each([
    [
      'a loss of the source that rises again',
      (i: number) => ({ losses: { classification: i < 5 ? 0.2 : 2 } }),
      /rose again, from 0\.200 to 2\.000.*lower its factor/,
    ],
    ['gradients that grow', (i: number) => ({ gradientNorm: i < 9 ? 2 : 90 }), /norm of 90\.0.*lower learningRate/],
    ['a discriminator that is certain', () => told(0.995), /with certainty \(100 % right\) for 5 epochs/],
    [
      'a discriminator that guesses while the domains stay apart',
      () => told(0.51),
      /guessed from the first epoch.*taught nothing/,
    ],
  ])('%s', (_, of, message) => {
    const found = troubleIn(epochs(10, of))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(message)
    expect(found[0]).toMatch(/^adaptation: /)
  })

  it('is no discriminator that guesses once the domains are alike', () => {
    expect(troubleIn(epochs(10, (i) => told(0.5, 0.3 / (i + 1))))).toEqual([])
  })
})
