import { describe, expect, it } from 'vitest'
import { DidNotConvergeError, InvalidInputError, UnsupportedOperatorError } from './errors.ts'

describe('errors', () => {
  it.each([
    [{}, 'bad'],
    [{ file: 'a.csv' }, 'a.csv: bad'],
    [{ file: 'a.csv', row: 3 }, 'a.csv, row 3: bad'],
    [{ file: 'a.csv', row: 3, column: 'age' }, 'a.csv, row 3, column "age": bad'],
    [{ row: 1, column: 2 }, 'row 1, column 2: bad'],
  ])('say where the input is wrong: %o', (location, message) => {
    const error = new InvalidInputError('bad', location)
    expect(error.message).toBe(message)
    expect(error.location).toEqual(location)
  })

  it('name the operator and its node, or how far an iteration was from its end', () => {
    const loop = { operator: 'Loop', node: 'loop_1' }
    expect(new UnsupportedOperatorError([loop], 'unroll it').message).toBe(
      'the operator Loop (node "loop_1") is not supported: unroll it',
    )
    const both = new UnsupportedOperatorError([loop, { operator: 'Scan', node: '' }], 'unroll them')
    expect(both.message).toBe('the operators Loop (node "loop_1"), Scan are not supported: unroll them')
    expect(both.nodes).toEqual([loop, { operator: 'Scan', node: '' }])
    const open = new DidNotConvergeError('the search', 0.0012, 'ask for less')
    expect(open.message).toBe('the search did not converge (residual 1.20e-3): ask for less')
    expect(open.residual).toBe(0.0012)
  })

  it('can be told apart by class and by name', () => {
    for (const error of [
      new InvalidInputError(''),
      new UnsupportedOperatorError([], ''),
      new DidNotConvergeError('', 0, ''),
    ]) {
      expect(error).toBeInstanceOf(Error)
      expect(error.name).toBe(error.constructor.name)
    }
  })
})
