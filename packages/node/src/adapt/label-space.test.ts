import { UNLABELLED } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { classesOf, countLabelled, encodeLabels } from './label-space.ts'

describe('the label space', () => {
  it('orders numbers by value and text naturally', () => {
    expect(classesOf(['10', '9', null, '-1', '9'])).toEqual(['-1', '9', '10'])
    expect(classesOf(['a10', 'a2', 'b'], ['a1', null], null)).toEqual(['a1', 'a2', 'a10', 'b'])
    expect(classesOf(['true', 'false'])).toEqual(['false', 'true'])
  })

  it('keeps labels apart that are equal numbers but different names', () => {
    expect(classesOf(['1.0', '1'])).toEqual(['1', '1.0'])
  })

  it('encodes labels, and tells unknown ones from missing ones when asked to', () => {
    const labels = ['b', null, 'z', 'a']
    expect([...encodeLabels(labels, ['a', 'b'])]).toEqual([1, UNLABELLED, UNLABELLED, 0])
    expect([...encodeLabels(labels, ['a', 'b'], 2)]).toEqual([1, UNLABELLED, 2, 0])
    expect(countLabelled(labels)).toBe(3)
    expect(countLabelled(null)).toBe(0)
  })
})
