import { expect, test } from 'vitest'
import { classNames, numberName } from './labels.ts'

test('trims, and names numbers and booleans alike', () => {
  expect(classNames([' a ', '', null, '  '])).toEqual(['a', null, null, null])
  expect(classNames(['1.0', '+1', '1e0', '-0', 'NAN'])).toEqual(['1', '1', '1', '0', null])
  expect(classNames(['TRUE', 'false'])).toEqual(['true', 'false'])
  expect(classNames(['nan', 'nan'])).toEqual([null, null])
})

test('leaves numbers among texts, and codes with leading zeros, as they are', () => {
  expect(classNames(['1.0', 'a', 'nan'])).toEqual(['1.0', 'a', 'nan'])
  expect(classNames(['007', '7'])).toEqual(['007', '7'])
  expect(classNames(['0.5', '0'])).toEqual(['0.5', '0'])
})

test('keeps every digit of a whole number', () => {
  expect(numberName('9007199254740993')).toBe('9007199254740993')
  expect(numberName('2.50')).toBe('2.5')
})
