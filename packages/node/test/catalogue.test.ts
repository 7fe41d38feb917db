import { describe, expect, it } from 'vitest'
import { graft, workFolder } from './graft.ts'

const folder = workFolder()

describe('graft methods', () => {
  it('lists every method with its settings as data', async () => {
    const { methods } = JSON.parse((await graft(folder, ['methods', '--json'])).stdout)
    expect(methods.length).toBeGreaterThan(5)
    for (const method of methods) {
      expect(Object.keys(method)).toEqual(expect.arrayContaining(['id', 'name', 'family', 'paper', 'needs', 'options']))
      for (const [name, option] of Object.entries<Record<string, unknown>>(method.options)) {
        expect(option.type, `${method.id}.${name}`).toBeTypeOf('string')
        expect(option.description, `${method.id}.${name}`).not.toBe('')
        expect(option, `${method.id}.${name}`).toHaveProperty('default')
      }
    }
  })

  it('shows one method, one classifier, one family', async () => {
    expect((await graft(folder, ['methods', 'tca'])).stdout).toMatch(
      /Transfer Component Analysis.*Paper: .*Pan.*components/s,
    )
    expect((await graft(folder, ['methods', 'ridge'])).stdout).toContain('--set classifier.NAME=VALUE')
    const { methods } = JSON.parse((await graft(folder, ['methods', 'tca', '--json'])).stdout)
    expect(methods.map(({ id }: { id: string }) => id)).toEqual(['tca'])
    const unknown = await graft(folder, ['methods', 'tcaa'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toMatch(/unknown method "tcaa".*"tca"/)
  })
})

describe('graft demo', () => {
  it('shows what transfer gained on the digits that ship with it', async () => {
    const run = await graft(folder, ['demo', '--json', '--quiet'])
    expect(run.code).toBe(0)
    const { command, methods, files } = JSON.parse(run.stdout)
    expect(command).toBe('demo')
    expect(files.report).toBe('graft-out/demo/report.html')
    const best = Math.max(...methods.map(({ scores }: { scores: { adapted: number } }) => scores.adapted))
    expect(best).toBeGreaterThan(methods[0].scores.sourceOnly)
  })
})
