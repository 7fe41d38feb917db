import { readFileSync } from 'node:fs'
import { strategies, tuningSettings } from 'graft-learn'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/fine-tuning.md', import.meta.url), 'utf8')

/** The cells of the table row whose first one is `name`. */
const rowOf = (name: string): string[] => {
  const line = page.split('\n').find((each) => each.startsWith(`| \`${name}\``))
  return line?.split('|').map((cell) => cell.trim()) ?? []
}

describe('docs/fine-tuning.md', () => {
  it.each(strategies.map((strategy) => [strategy.id, strategy] as const))('has the settings of %s', (id, strategy) => {
    const defaults = Object.entries(strategy.options.parse({})).map(([name, value]) => `${name}=${value}`)
    const [, , settings, needs] = rowOf(id)
    expect(settings).toBe(defaults.length === 0 ? '' : `\`${defaults.join(' ')}\``)
    expect(needs!.includes('the old head')).toBe(strategy.needs?.oldHead === true)
    expect(needs!.includes('batch normalisation')).toBe(strategy.needs?.batchNormalisation === true)
  })

  it.each(Object.keys(tuningSettings.shape))('has the default of %s', (name) => {
    const value = (tuningSettings.parse({}) as Readonly<Record<string, unknown>>)[name]
    const [, , said] = rowOf(name)
    if (value === undefined) expect(['found', 'see above']).toContain(said)
    else expect(said).toBe(`\`${value}\``)
  })
})
