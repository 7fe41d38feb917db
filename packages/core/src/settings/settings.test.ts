import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nearestName, unknownName } from './nearest-name.ts'
import { describeSetting, parseSettings } from './parse-settings.ts'

const schema = z.strictObject({
  components: z.number().int().positive().default(30).describe('d'),
  kernel: z.enum(['linear', 'rbf']).default('linear').describe('k'),
  bandwidth: z.number().positive().nullable().default(null).describe('σ'),
})

describe('parseSettings', () => {
  it('fills defaults in', () => {
    expect(parseSettings('method "x"', schema, { kernel: 'rbf' })).toEqual({
      components: 30,
      kernel: 'rbf',
      bandwidth: null,
    })
  })

  it('names an unknown setting, the nearest one and all', () => {
    expect(() => parseSettings('method "x"', schema, { componets: 3 })).toThrow(
      'unknown setting of method "x" "componets" (did you mean "components"?): allowed are components, kernel, bandwidth',
    )
  })

  it('says what was got and what is allowed', () => {
    expect(() => parseSettings('method "x"', schema, { components: 0 })).toThrow(/"components".*is 0.*above 0/)
    expect(() => parseSettings('method "x"', schema, { kernel: 'cubic' })).toThrow(/is "cubic".*"linear", "rbf"/)
  })

  it('describes a setting in words', () => {
    expect(describeSetting(schema, 'components')).toBe('integer, above 0 (default 30)')
    expect(describeSetting(schema, 'bandwidth')).toBe('number, above 0 or null (default null)')
  })
})

describe('nearestName', () => {
  it('finds a slip of the finger and nothing further away', () => {
    expect(nearestName('jdaa', ['jda', 'tca'])).toBe('jda')
    expect(nearestName('JDA', ['jda', 'tca'])).toBe('jda')
    expect(nearestName('jad', ['sa', 'jda'])).toBe('jda')
    expect(nearestName('gradient', ['jda', 'tca'])).toBeUndefined()
    expect(unknownName('method', 'q', [])).toContain('allowed are none')
  })
})
