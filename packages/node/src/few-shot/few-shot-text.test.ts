import { describe, expect, it } from 'vitest'
import type { FewShotSummary } from './few-shot-summary.ts'
import { fewShotText } from './few-shot-text.ts'

const line = (name: string, accuracy: number, behind: number | null) => ({
  name,
  classifier: name,
  options: {},
  accuracy,
  halfWidth: 0.0123,
  behind: behind === null ? null : { accuracy: behind, halfWidth: 0.004 },
  seconds: 1,
})

const summary: FewShotSummary = {
  shots: 5,
  episodes: { count: 600, ways: 10, queries: 15 },
  classifiers: [line('cosine-classifier', 0.9412, null), line('prototypes', 0.9, 0.0412)],
  chosen: { name: 'cosine-classifier', classifier: 'cosine-classifier', options: {} },
  rows: 50,
  tooSmall: [{ name: 'm\nug', rows: 3 }],
}

describe('the text of a few rows per class', () => {
  it('says how each classifier did, what was left out and what was fitted', () => {
    expect(fewShotText(summary, 'images')).toEqual([
      '600 episodes of 10 classes: 5 images of each to fit on, up to 15 others to score.',
      'CLASSIFIER           ACCURACY  BEHIND THE BEST',
      'cosine-classifier  94.1 ± 1.2',
      'prototypes         90.0 ± 1.2        4.1 ± 0.4',
      'Percent, with 95% confidence intervals over episodes of these images; all classifiers had the same episodes.',
      'In no episode, for want of 6 images: m\\nug (3).',
      'cosine-classifier, the most accurate, fitted on 50 images, at most 5 of each class.',
    ])
    const asked = { ...summary, chosen: { name: 'prototypes', classifier: 'prototypes', options: {} } }
    expect(fewShotText(asked).at(-1)).toBe('prototypes, as asked, fitted on 50 rows, at most 5 of each class.')
  })

  it('says that nothing is known without episodes', () => {
    const alone = { ...summary, shots: 1, rows: 10, episodes: null, classifiers: [] }
    expect(fewShotText(alone, 'images').join('\n')).toMatch(/as many as 2 images: with none left to score/)
  })
})
