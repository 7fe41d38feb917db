import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import {
  collect,
  collectList,
  collectNames,
  positiveNumber,
  splitList,
  threadCount,
  wholeNumber,
} from './common-options.ts'

describe('values of options', () => {
  it('splits lists at commas, without the blanks', () => {
    expect(splitList(' tca, jda,,')).toEqual(['tca', 'jda'])
  })

  it('collects repeated options', () => {
    expect(collect('b,c', collect('a'))).toEqual(['a', 'b,c'])
    expect(collectList('b,c', collectList('a'))).toEqual(['a', 'b', 'c'])
    expect(() => collectList(' ,')).toThrow('at least one')
  })

  it('takes names of columns: with commas and quotes inside, and the empty one', () => {
    expect(collectNames('id, b c ,', collectNames('a'))).toEqual(['a', 'id', 'b c'])
    expect(collectNames('"y,2",w , "say ""hi"""')).toEqual(['y,2', 'w', 'say "hi"'])
    expect(collectNames('5" disc,x')).toEqual(['5" disc', 'x'])
    expect(collectNames('')).toEqual([''])
  })

  it('takes whole numbers only', () => {
    expect(wholeNumber('-3')).toBe(-3)
    for (const text of ['', '1.5', 'x', '1e30']) expect(() => wholeNumber(text)).toThrow('whole number')
    expect(() => positiveNumber('0')).toThrow('at least 1')
    expect(threadCount('1')).toBe(1)
    expect(threadCount('100000')).toBe(availableParallelism())
  })
})
