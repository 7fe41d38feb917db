import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didYouMean, nearestName } from './nearest-name.ts'

test('finds a name with a letter wrong, missing, added or swapped', () => {
  const allowed = ['jda', 'coral', 'label', 'transfer-joint-matching']
  expect(nearestName('corla', allowed)).toBe('coral')
  expect(nearestName('labl', allowed)).toBe('label')
  expect(nearestName('LABEL', allowed)).toBe('label')
  expect(nearestName('transfer-joint-macthing', allowed)).toBe('transfer-joint-matching')
})

test('says nothing when no name is near', () => {
  expect(nearestName('zebra', ['jda', 'coral'])).toBeUndefined()
  expect(nearestName('x', [])).toBeUndefined()
  expect(didYouMean('zebra', ['jda'])).toBe('')
  expect(didYouMean('jba', ['jda'])).toBe(', did you mean "jda"?')
})

test('a name that is allowed is its own nearest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, selector: (s) => s.toLowerCase() }),
      (names) => {
        for (const name of names) expect(nearestName(name, names)).toBe(name)
      },
    ),
  )
})
