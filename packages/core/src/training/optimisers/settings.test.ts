import { expect, it } from 'vitest'
import { adam, adamW, sgd } from './index.ts'

it('settings out of range are refused', () => {
  expect(() => sgd({ momentum: 1 })).toThrow(/momentum is 1: a number from 0 to below 1/)
  expect(() => sgd({ weightDecay: -1 })).toThrow(/weightDecay is -1: a number of 0 or more/)
  expect(() => sgd({ nesterov: true })).toThrow(/nesterov looks along the momentum, which is 0/)
  expect(() => adam({ beta1: -0.1 })).toThrow(/beta1 is -0.1/)
  expect(() => adam({ beta2: 1 })).toThrow(/beta2 is 1/)
  expect(() => adam({ epsilon: 0 })).toThrow(/epsilon is 0: a number above 0/)
  expect(() => adamW({ weightDecay: Number.NaN })).toThrow(/weightDecay is NaN/)
})

it('AdamW decays weights by default, Adam does not', () => {
  expect(adamW().weightDecay).toBe(0.01)
  expect(adam().weightDecay).toBe(0)
})
