import { describe, expect, it } from 'vitest'
import { collect, collectList, positiveNumber, splitList, wholeNumber } from './common-options.ts'

describe('values of options', () => {
  it('splits lists at commas, without the blanks', () => {
    expect(splitList(' tca, jda,,')).toEqual(['tca', 'jda'])
  })

  it('collects repeated options', () => {
    expect(collect('b,c', collect('a'))).toEqual(['a', 'b,c'])
    expect(collectList('b,c', collectList('a'))).toEqual(['a', 'b', 'c'])
  })

  it('takes whole numbers only', () => {
    expect(wholeNumber('-3')).toBe(-3)
    for (const text of ['', '1.5', 'x', '1e30']) expect(() => wholeNumber(text)).toThrow('whole number')
    expect(() => positiveNumber('0')).toThrow('at least 1')
  })
})
