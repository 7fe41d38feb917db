import { describe, expect, it } from 'vitest'
import { createProgress } from './progress.ts'

function fixture(isTTY: boolean, quiet = false, columns = 80) {
  const written: string[] = []
  let time = 0
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 }
  const progress = createProgress(stream, quiet, () => time)
  return { written, progress, wait: (ms: number) => (time += ms) }
}

describe('progress', () => {
  it('redraws a bar on a terminal and takes it off before other output', () => {
    const { written, progress, wait } = fixture(true)
    wait(100)
    progress.update('jda', 5, 10)
    progress.clear()
    progress.clear()
    expect(written[0]).toContain('50% jda')
    expect(written.slice(1)).toEqual(['\r\u001b[K'])
  })

  it('takes a terminal that does not know its width for one of 80 columns', () => {
    const { written, progress, wait } = fixture(true, false, 0)
    wait(100)
    progress.update('jda', 5, 10)
    expect(written[0]).toMatch(/50% jda$/)
  })

  it('prints a line now and then elsewhere', () => {
    const { written, progress, wait } = fixture(false)
    for (let i = 1; i <= 100; i++) {
      wait(100)
      progress.update('jda', i, 100)
    }
    expect(written).toEqual(['jda: 50 of 100\n', 'jda: 100 of 100\n'])
  })

  it('prints nothing when quiet', () => {
    const { written, progress, wait } = fixture(true, true)
    wait(1000)
    progress.update('jda', 1, 1)
    progress.clear()
    expect(written).toEqual([])
  })
})
