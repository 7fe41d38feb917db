import { describe, expect, it } from 'vitest'
import {
  count,
  duration,
  escapeHtml,
  fitText,
  methodLabel,
  percent,
  pointsBetween,
  shortNumber,
  signed,
  textWidth,
} from './text.ts'

describe('numbers', () => {
  it('gives the points between two scores as they are printed', () => {
    expect([percent(0.70149), percent(0.58851), pointsBetween(0.70149, 0.58851)]).toEqual(['70.1%', '58.9%', 11.2])
    expect([signed(11.2), signed(-3), signed(0)]).toEqual(['+11.2', '−3.0', '0.0'])
    expect([percent(null), percent(Number.NaN)]).toEqual(['–', '–'])
  })

  it('keeps three digits', () => {
    const values = [0, 12, -0.5, 0.031234, 1.934, 123.456, 1e-7, Number.NaN]
    expect(values.map(shortNumber)).toEqual(['0', '12', '−0.500', '0.0312', '1.93', '123', '1.0e−7', '–'])
    expect([0.0004, 0.012, 0.523, 61.25, 3661].map(duration)).toEqual([
      '0.4 ms',
      '12 ms',
      '0.52 s',
      '61.3 s',
      '61 min 1 s',
    ])
    expect(count(1234567)).toBe('1\u2009234\u2009567')
  })
})

describe('names', () => {
  it('escapes for HTML and for attributes, and drops what XML does not allow', () => {
    expect(escapeHtml('<b>&"\'\u0000')).toBe('&lt;b&gt;&amp;&quot;&#39;')
  })

  it('cuts a long name in the middle, to the width', () => {
    const cut = fitText('standardised difference of column 17', 120, 11)
    expect(cut).toMatch(/^standard.*….*17$/)
    expect(textWidth(cut, 11)).toBeLessThanOrEqual(120)
    expect(fitText('short', 120, 11)).toBe('short')
  })

  it('calls a method by its acronym where the id is one', () => {
    expect(methodLabel({ id: 'jda', name: 'Joint Distribution Adaptation' })).toBe('JDA')
    expect(methodLabel({ id: 'coral', name: 'CORAL' })).toBe('CORAL')
    expect(methodLabel({ id: 'kernel-mean-matching', name: 'Kernel Mean Matching' })).toBe('Kernel Mean Matching')
    expect(methodLabel({ id: 'none', name: 'Source only' })).toBe('Source only')
  })
})
