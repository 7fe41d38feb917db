import { CommanderError } from 'commander'
import { InvalidInputError } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exitCodeOf, messageOf } from './failure.ts'

describe('what an error becomes', () => {
  it('is 2 where the input was wrong', () => {
    expect(exitCodeOf(new InvalidInputError('no such column', { file: 'a.csv' }))).toBe(2)
    expect(messageOf(new InvalidInputError('no such column', { file: 'a.csv' }))).toBe('a.csv: no such column')
  })

  it('is 2 with the path of each issue where a schema was not met', () => {
    const { error } = z.object({ k: z.number() }).safeParse({ k: 'x' })
    expect(exitCodeOf(error)).toBe(2)
    expect(messageOf(error)).toMatch(/^k: /)
  })

  it('is 2 for commander’s usage errors, which commander has printed, and 0 for help', () => {
    expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', 'unknown option'))).toBe(2)
    expect(exitCodeOf(new CommanderError(0, 'commander.help', '(outputHelp)'))).toBe(0)
    expect(messageOf(new CommanderError(1, 'commander.unknownOption', 'unknown option'))).toBeUndefined()
  })

  it('is 1 for everything else, and memory that ran out is called so', () => {
    expect(exitCodeOf(new Error('disk on fire'))).toBe(1)
    expect(messageOf(new RangeError('Array buffer allocation failed'))).toMatch(/out of memory/)
    expect(messageOf('thrown text')).toBe('thrown text')
  })
})
