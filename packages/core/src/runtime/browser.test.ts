import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreementCases } from '../../test/agreement.ts'
import type { BrowserResults } from '../../test/agreement-page.ts'
import { noChromium, runInChromium } from '../../test/chromium.ts'
import { nodeRuntime } from './node.ts'

describe.skipIf(noChromium !== undefined)(`onnxruntime-web in Chromium ${noChromium ?? ''}`, async () => {
  const node = await nodeRuntime()
  afterAll(() => node.release())
  let browser: BrowserResults
  beforeAll(async () => {
    browser = (await runInChromium('packages/core/test/agreement-page.ts')) as BrowserResults
  })

  it('may use threads, the page being isolated', () => {
    expect(browser.isolated).toBe(true)
  })

  for (const provider of ['wasm', 'webgpu'] as const) {
    for (const { name, model, inputs } of agreementCases()) {
      it(`agrees with onnxruntime-node through ${provider} on ${name}`, async ({ skip }) => {
        const results = browser.results[provider]
        if (results === null) return skip(`Chromium has no ${provider} adapter here`)
        const expected = await node.run(model, inputs)
        const got = results[name]!
        expect(Object.keys(got)).toEqual(Object.keys(expected))
        for (const [output, t] of Object.entries(expected)) {
          const [type, dims, elements] = got[output]!
          expect([type, dims]).toEqual([t.type, t.dims])
          const tolerance = t.type === 'float32' ? 1e-5 : 1e-13
          const close = elements.every((element, i) => {
            const value = t.data[i]!
            return element === `${value}` || Math.abs(Number(element) - Number(value)) < tolerance
          })
          expect(close).toBe(true)
        }
      })
    }
  }
})
