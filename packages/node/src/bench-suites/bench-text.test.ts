import { expect, it } from 'vitest'
import { benchText } from './bench-text.ts'
import { digits } from './digits.ts'

it('puts measured and published scores under one another', () => {
  const row = (method: string, task: string, score: number, published: number | null) => ({
    method,
    task,
    score,
    published,
  })
  const text = benchText(digits, {
    suite: 'digits',
    rows: [
      row('jda', 'USPS to MNIST', 59.65, 59.7),
      row('jda', 'MNIST to USPS', 67.28, 67.3),
      row('sa', 'USPS to MNIST', 50, null),
      row('sa', 'MNIST to USPS', 60, null),
    ],
    means: [
      { method: 'jda', score: 63.47, published: 63.5 },
      { method: 'sa', score: 55, published: null },
    ],
  })
  expect(text.split('\n').slice(2, 6)).toEqual([
    'METHOD       USPS to MNIST  MNIST to USPS  MEAN',
    'jda                   59.6           67.3  63.5',
    '  published           59.7           67.3  63.5',
    'sa                    50.0           60.0  55.0',
  ])
})
