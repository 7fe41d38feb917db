import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../src/runtime/node.ts'
import { noChromium, runInChromium } from './chromium.ts'
import type { BrowserTraining } from './deep-browser-page.ts'
import { type DigitsTraining, digitFiles, digitsOf, trainDigits } from './deep-browser-training.ts'

const SECONDS = 100

describe.skipIf(noChromium !== undefined)(`DANN in a worker of Chromium ${noChromium ?? ''}`, () => {
  let browser: BrowserTraining
  let node: DigitsTraining
  beforeAll(
    async () => {
      browser = (await runInChromium('packages/core/test/deep-browser-page.ts', SECONDS)) as BrowserTraining
      const runtime = await nodeRuntime({ threads: 1 })
      const read = async (part: keyof typeof digitFiles) =>
        digitsOf(part, new Uint8Array(await readFile(new URL(`../../../${digitFiles[part]}`, import.meta.url))))
      node = await trainDigits(runtime, 'dann', { source: await read('source'), target: await read('target') })
      await runtime.release()
    },
    1.5 * 1000 * SECONDS,
  )

  it('leaves the page responsive: frames keep coming', () => {
    const gaps = gapsOf(browser)
    expect(browser.milliseconds).toBeGreaterThan(500)
    expect(browser.frames.length / browser.milliseconds).toBeGreaterThan(30 / 1000)
    // A busy machine may hold back the browser itself now and then.
    expect(gaps.filter((gap) => gap > 250).length).toBeLessThanOrEqual(gaps.length / 100)
    expect(Math.max(...gaps)).toBeLessThan(1000)
  })

  it('tells the page of each epoch while it goes on', () => {
    const { epochs, frames } = browser
    expect(epochs).toHaveLength(10)
    for (const [i, end] of epochs.entries()) {
      const since = epochs[i - 1] ?? 0
      expect(frames.some((at) => since < at && at < end)).toBe(true)
    }
  })

  it('gets more of the target right than training on the source alone', () => {
    expect(browser.dann.accuracy).toBeGreaterThan(browser.sourceOnly.accuracy + 0.05)
  })

  it('has the losses that the same training has in Node', () => {
    expect(browser.dann.losses).toHaveLength(node.losses.length)
    for (const [i, losses] of browser.dann.losses.entries()) {
      const expected = node.losses[i]!
      expect(Object.keys(losses)).toEqual(Object.keys(expected))
      for (const [name, loss] of Object.entries(losses)) {
        // Rounding differs between the two, and grows with every step; a share of right answers leaps by whole rows.
        const tolerance = i === 0 && name !== 'discriminator accuracy' ? 1e-4 : 0.1
        expect(Math.abs(loss / expected[name]! - 1), `${name} of epoch ${i + 1}`).toBeLessThan(tolerance)
      }
    }
    expect(Math.abs(browser.dann.accuracy - node.accuracy)).toBeLessThan(0.1)
  })
})

/** The times between one frame and the next, in milliseconds, those before the first and after the last too. */
function gapsOf({ frames, milliseconds }: BrowserTraining): number[] {
  const times = [0, ...frames, milliseconds]
  return times.slice(1).map((at, i) => at - times[i]!)
}
