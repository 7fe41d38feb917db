import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { centredRows } from './centred-rows.ts'
import { fitMixture } from './gaussian-mixture.ts'
import { hScore } from './h-score.ts'
import { ledoitWolf } from './ledoit-wolf.ts'
import { leep } from './leep.ts'
import { logme, logmeOfValues } from './logme.ts'
import { negativeConditionalEntropy } from './nce.ts'
import { kendallCorrelation, pearsonCorrelation } from './rank-correlation.ts'
// Made once by the packages that the file names, from other formulas than Graft's: LogME by the dense log density of
// N(0, FFᵀ/α + I/β), maximised over log α and log β by Nelder–Mead from 64 starts; H-score by numpy.linalg.pinv of the
// covariance; its shrunk form by sklearn.covariance.LedoitWolf; TransRate by slogdet of the d × d matrix, as the paper
// lists it (unscaled: distortion 0.5); the mixtures by sklearn.mixture.GaussianMixture from the moments of the same
// first responsibilities (rows in turn 0.8, 0.1, 0.1); correlations by scipy.stats. In `wide` rows are fewer than
// features, in `tall` class 2 has no row.
import reference from './reference.json' with { type: 'json' }
import { rowBasis } from './row-basis.ts'
import { shrunkHScore } from './shrunk-h-score.ts'
import { likeliestClasses } from './source-probabilities.ts'
import { transRate } from './transrate.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

describe.each(['tall', 'wide'] as const)('%s features', (name) => {
  const expected = reference[name]
  const features = matrixFromRows(expected.features)
  const probabilities = matrixFromRows(expected.probabilities)
  const labels = Int32Array.from(expected.labels)

  test('LEEP and NCE', () => {
    expect(leep(probabilities, labels)).toBeCloseTo(expected.leep, 12)
    expect(negativeConditionalEntropy(likeliestClasses(probabilities), labels)).toBeCloseTo(expected.nce, 12)
  })

  test('LogME of classes and of values', async () => {
    expect(await logme(runtime, features, labels)).toBeCloseTo(expected.logme, 10)
    const values = matrixFromRows(expected.values)
    expect(await logmeOfValues(runtime, features, values)).toBeCloseTo(expected.logmeOfValues, 10)
  })

  test('H-score, plain and shrunk', async () => {
    expect(await hScore(runtime, features, labels)).toBeCloseTo(expected.hScore, 10)
    expect(await shrunkHScore(runtime, features, labels)).toBeCloseTo(expected.shrunkHScore, 10)
    const centred = centredRows(features)
    const { squares } = await rowBasis(runtime, centred)
    expect(ledoitWolf(centred, squares).weight).toBeCloseTo(expected.shrinkage, 10)
  })

  test('TransRate, scaled and not', async () => {
    expect(await transRate(runtime, features, labels)).toBeCloseTo(expected.transRate, 10)
    const options = { epsilon: 0.5, scaled: false }
    expect(await transRate(runtime, features, labels, options)).toBeCloseTo(expected.transRateUnscaled, 10)
  })
})

test.each(['full', 'diagonal'] as const)('a mixture with %s covariances', async (covariance) => {
  const { x, ridge, steps, ...expected } = reference.mixture
  const start = matrixFromRows(x.map((_, i) => [0, 1, 2].map((k) => (i % 3 === k ? 0.8 : 0.1))))
  const options = { covariance, ridge, tolerance: 0, iterations: steps }
  const fit = await fitMixture(runtime, matrixFromRows(x), start, options)
  expect(fit.logLikelihoods.at(-1)).toBeCloseTo(expected[covariance].logLikelihood, 9)
  expected[covariance].responsibilities.flat().forEach((share, i) => {
    expect(fit.responsibilities.data[i]).toBeCloseTo(share, 8)
  })
})

test('correlations', () => {
  const { a, b, kendall, pearson } = reference.correlation
  expect(kendallCorrelation(a, b)).toBeCloseTo(kendall, 12)
  expect(pearsonCorrelation(a, b)).toBeCloseTo(pearson, 12)
})
