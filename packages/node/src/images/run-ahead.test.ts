import { describe, expect, it } from 'vitest'
import { runAhead } from './run-ahead.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('runAhead', () => {
  it('keeps the order and the bound, and works before it is asked', async () => {
    let underWay = 0
    let most = 0
    let begun = 0
    const work = async (i: number) => {
      begun++
      most = Math.max(most, ++underWay)
      await pause((i * 7) % 5)
      underWay--
      return i
    }
    const results: number[] = []
    for await (const result of runAhead(Array(30).keys(), work, { ahead: 4 })) {
      results.push(result)
      await pause(1)
      expect(begun).toBeGreaterThanOrEqual(Math.min(30, results.length + 4))
    }
    expect(results).toEqual([...Array(30).keys()])
    expect(most).toBeLessThanOrEqual(4)
    expect(most).toBeGreaterThan(1)
  })

  it('ends with what was under way when its reader stops or the signal aborts', async () => {
    let underWay = 0
    const work = async (i: number) => {
      underWay++
      await pause(3)
      underWay--
      return i
    }
    for await (const result of runAhead(Array(30).keys(), work, { ahead: 4 })) if (result === 3) break
    expect(underWay).toBe(0)
    const controller = new AbortController()
    const read = async () => {
      for await (const result of runAhead(Array(30).keys(), work, { ahead: 4, signal: controller.signal })) {
        if (result === 3) controller.abort(new Error('enough'))
      }
    }
    await expect(read()).rejects.toThrow('enough')
    expect(underWay).toBe(0)
  })

  it('hands a failure on at its place', async () => {
    const work = async (i: number) => {
      if (i === 2) throw new Error('two')
      return i
    }
    const results: number[] = []
    const read = async () => {
      for await (const result of runAhead(Array(9).keys(), work, { ahead: 5 })) results.push(result)
    }
    await expect(read()).rejects.toThrow('two')
    expect(results).toEqual([0, 1])
  })
})
