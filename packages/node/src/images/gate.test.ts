import { expect, it } from 'vitest'
import { gateOf } from './gate.ts'

it('lets pass what the limit allows, in order, and what exceeds it alone', async () => {
  const gate = gateOf(10)
  let used = 0
  const seen: { cost: number; used: number }[] = []
  const work = (cost: number) =>
    gate(cost, async () => {
      used += cost
      seen.push({ cost, used })
      await new Promise((resolve) => setTimeout(resolve, 5))
      used -= cost
    })
  await Promise.all([4, 6, 5, 99, 1, 2].map(work))
  expect(seen.map(({ cost }) => cost)).toEqual([4, 6, 5, 99, 1, 2])
  for (const { cost, used } of seen) expect(used <= 10 || used === cost).toBe(true)
  expect(seen[1]!.used).toBe(10)
})

it('goes on after a failure', async () => {
  const gate = gateOf(1)
  const failed = gate(1, () => Promise.reject(new Error('no')))
  const next = gate(1, async () => 'yes')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
