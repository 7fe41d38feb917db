import { describe, expect, it } from 'vitest'
import { suites } from './catalogue.ts'
import { publishedScore, withMeans } from './compare.ts'
import { digits } from './digits.ts'
import { officeCaltech10Surf } from './office-caltech10-surf.ts'
import { benchSettings } from './settings.ts'

describe('published numbers', () => {
  it('have one entry per task, and means that are those of the tasks to a rounding', () => {
    for (const suite of suites) {
      for (const [method, scores] of Object.entries(suite.published)) {
        expect(scores, `${suite.id} ${method}`).toHaveLength(suite.tasks.length)
        const mean = scores.reduce<number>((sum, score) => sum + score!, 0) / scores.length
        const published = suite.publishedMeans[method]
        if (published !== undefined) expect(Math.abs(mean - published), `${suite.id} ${method}`).toBeLessThan(0.11)
      }
    }
  })

  it('are found by method and task', () => {
    expect(publishedScore(officeCaltech10Surf, 'none', 'C-A')).toBe(23.7)
    expect(publishedScore(officeCaltech10Surf, 'jda', 'D-W')).toBe(89.2)
    expect(publishedScore(officeCaltech10Surf, 'sa', 'C-A')).toBeNull()
    expect(officeCaltech10Surf.tasks[3]).toEqual({
      name: 'A-C',
      source: 'office-caltech10-surf/amazon.npz',
      target: 'office-caltech10-surf/caltech.npz',
    })
  })

  it('stand beside the means of what was measured', () => {
    const rows = [
      { method: 'jda', task: 'USPS to MNIST', score: 50, published: 59.7 },
      { method: 'jda', task: 'MNIST to USPS', score: 61, published: 67.3 },
      { method: 'sa', task: 'MNIST to USPS', score: 61, published: null },
    ]
    expect(withMeans(digits, rows).means).toEqual([
      { method: 'jda', score: 55.5, published: 63.5 },
      { method: 'sa', score: 61, published: null },
    ])
  })

  it('are measured with settings fixed per method', () => {
    expect(benchSettings('office-caltech10-surf', 'coral')).toEqual({
      scale: 'l1-zscore',
      classifier: 'linear-svm',
      options: {},
      classifierOptions: { c: 1e-4 },
    })
    expect(benchSettings('digits', 'sa').scale).toBe('l2')
  })
})
