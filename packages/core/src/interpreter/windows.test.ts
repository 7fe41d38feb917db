import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../onnx/index.ts'
import { paddedCounts, runsOf, type WindowAxis, windowAxes } from './windows.ts'

const call = (attributes: Record<string, Attribute>) => ({
  node: { op: 'Pool', domain: '', name: '', inputs: [], outputs: [], attributes },
  opset: 17,
  inputs: [],
})

const axis = fc
  .record({
    input: fc.integer({ min: 1, max: 7 }),
    output: fc.integer({ min: 1, max: 5 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: -2, max: 3 }),
  })
  .map((own): WindowAxis => ({ ...own, after: 0 }))

/** The place that tap `tap` of window `window` reads, or undefined where that is padding: the definition, axis by axis. */
function placeRead(axes: readonly WindowAxis[], tap: number, window: number): number | undefined {
  let place = 0
  let scale = 1
  for (const { input, output, kernel, stride, dilation, before } of [...axes].reverse()) {
    const at = (window % output) * stride + (tap % kernel) * dilation - before
    if (at < 0 || at >= input) return undefined
    place += at * scale
    scale *= input
    window = Math.floor(window / output)
    tap = Math.floor(tap / kernel)
  }
  return place
}

describe('runsOf', () => {
  it('lists what each tap of each window reads, once, tap by tap', () => {
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
        const runs = runsOf(axes)
        const read = new Map<string, number>()
        for (let r = 0; r < runs.length.length; r++) {
          for (let i = 0; i < runs.length[r]; i++) {
            const key = `${runs.tap[r]} ${runs.output[r] + i}`
            expect(read.has(key)).toBe(false)
            read.set(key, runs.input[r] + i * runs.step)
          }
        }
        for (let tap = 0; tap < runs.taps; tap++) {
          for (let window = 0; window < runs.outputs; window++) {
            expect(read.get(`${tap} ${window}`)).toBe(placeRead(axes, tap, window))
          }
        }
        expect(Array.from(runs.tap)).toEqual(Array.from(runs.tap).sort((a, b) => a - b))
      }),
    )
  })

  it('is one run where windows of one tap read everything in turn', () => {
    const plain = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 }
    const { length } = runsOf([
      { ...plain, input: 4, output: 4 },
      { ...plain, input: 5, output: 5 },
    ])
    expect(Array.from(length)).toEqual([20])
  })
})

describe('windowAxes', () => {
  const one = (input: number, kernel: number, attributes: Record<string, Attribute>) => {
    const [{ output, before, after }] = windowAxes(call(attributes), [input], [kernel])
    return { output, before, after }
  }

  it('pads as little as SAME needs, the odd one at the end or at the beginning', () => {
    expect(one(5, 2, { auto_pad: text('SAME_UPPER') })).toEqual({ output: 5, before: 0, after: 1 })
    expect(one(5, 2, { auto_pad: text('SAME_LOWER') })).toEqual({ output: 5, before: 1, after: 0 })
    expect(one(5, 3, { auto_pad: text('SAME_LOWER'), strides: ints([2]) })).toEqual({ output: 3, before: 1, after: 1 })
    expect(one(6, 1, { auto_pad: text('SAME_UPPER'), strides: ints([3]) })).toEqual({ output: 2, before: 0, after: 0 })
  })

  it('rounds up in ceil mode, but begins no window in the padding at the end', () => {
    const attributes = { strides: ints([2]), ceil_mode: int(1) }
    expect(one(6, 3, attributes).output).toBe(3)
    expect(one(5, 1, { strides: ints([3]), ceil_mode: int(1), pads: ints([0, 2]) }).output).toBe(2)
    expect(one(6, 3, { strides: ints([2]) }).output).toBe(2)
  })
})

describe('paddedCounts', () => {
  it('counts the taps before the end of the padding', () => {
    const axis: WindowAxis = { input: 5, output: 3, kernel: 3, stride: 3, dilation: 1, before: 1, after: 0 }
    expect(Array.from(paddedCounts([axis]))).toEqual([3, 3, 0])
    expect(Array.from(paddedCounts([axis, { ...axis, input: 6, dilation: 2 }]))).toEqual([9, 6, 3, 9, 6, 3, 0, 0, 0])
  })
})
