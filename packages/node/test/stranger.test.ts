import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { npz } from './npz.ts'
import { shiftedCsv, shiftedRows } from './shifted.ts'

/** What strangers ran into, each once. */
const folder = workFolder()
const source = put(folder, 'source.csv', shiftedCsv({ rows: 60, seed: 1 }))
const target = put(folder, 'target.csv', shiftedCsv({ rows: 45, seed: 2, shift: 3 }))
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

describe('a saved model', () => {
  it('prints what adapt printed, to the last digit, for several methods and a soft classifier', async () => {
    const { rows, labels } = shiftedRows({ rows: 45, seed: 2, shift: 3 })
    const precise = put(folder, 'precise.npz', npz(rows, [...labels.keys()]))
    const train = shiftedRows({ rows: 60, seed: 1 })
    const learnt = put(
      folder,
      'learnt.npz',
      npz(
        train.rows,
        train.labels.map((label) => 'abc'.indexOf(label)),
      ),
    )
    const methods = ['none', 'coral', 'jda']
    const call = ['adapt', '--source', learnt, '--target', precise, '--classifier', 'logistic-regression', '--quiet']
    const run = await graft(folder, [...call, '--method', methods.join(','), '--out', 'soft', '--json'])
    expect(run.code).toBe(0)
    for (const method of methods) {
      const predicted = await graft(folder, ['predict', '--model', join('soft', method), '--input', precise])
      expect(predicted.stdout).toBe(read(join('soft', method, 'predictions.csv')))
    }
  })

  it('is not made from values that it could not take', async () => {
    const huge = put(folder, 'huge.csv', 'x,label\n1,a\n1e39,b\n')
    const run = await graft(folder, ['adapt', '--source', huge, '--target', huge, '--method', 'none', '--out', 'huge'])
    expect(run.stderr).toMatch(/huge\.csv, row 2, column "x": the value is 1e\+39.*float32/)
    expect(run.code).toBe(2)
    expect(existsSync(join(folder, 'huge'))).toBe(false)
  })
})

describe('shifts', () => {
  it('of the raw features are told beside those that preparation leaves', async () => {
    const call = ['adapt', '--source', source, '--target', target, '--method', 'coral', '--out', 'shift', '--json']
    const { shift } = JSON.parse((await graft(folder, call)).stdout)
    expect(shift.proxyADistanceRaw).toBeGreaterThan(1)
    expect(shift.proxyADistanceBefore).toBeLessThan(0.5)
    expect(shift.mmdRaw).toBeGreaterThan(3 * shift.mmdBefore)
    // Units of a column do not matter to it.
    const scaled = (file: string) =>
      read(file)
        .split('\n')
        .map((line, i) => (i === 0 ? line : line.replace(/^[^,]+/, (cell) => `${Number(cell) * 1024}`)))
        .join('\n')
    const same = await graft(folder, [
      ...['adapt', '--source', put(folder, 's1024.csv', scaled(source)), '--method', 'coral', '--json'],
      ...['--target', put(folder, 't1024.csv', scaled(target)), '--out', 'shift'],
    ])
    const other = JSON.parse(same.stdout).shift
    expect(other.mmdRaw).toBeCloseTo(shift.mmdRaw, 6)
    expect(other.proxyADistanceRaw).toBeCloseTo(shift.proxyADistanceRaw, 6)
  })
})

describe('odd but sound calls', () => {
  it('leaves out columns without a name, or with a comma in it', async () => {
    const text = ',"y,2",x,label\n0,q,1,a\n1,r,9,b\n'
    const file = put(folder, 'index.csv', text)
    const call = ['adapt', '--source', file, '--target', file, '--method', 'none', '--out', 'odd', '--json']
    const wrong = await graft(folder, [...call, '--drop', ''])
    expect(wrong.stderr).toContain(`leave it out with --drop '"y,2"'`)
    const run = await graft(folder, [...call, '--drop', '', '--drop', '"y,2"'])
    expect(JSON.parse(run.stdout)).toMatchObject({ source: [{ features: 1 }], scores: { adapted: 1 } })
  })

  it('warns of a target of one row, whose own mean says nothing', async () => {
    const one = put(folder, 'one.csv', shiftedCsv({ rows: 1, seed: 2 }))
    const call = ['adapt', '--source', source, '--target', one, '--method', 'none', '--out', 'one', '--quiet']
    const run = await graft(folder, call)
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/^warning: one\.csv: with one row only, scale zscore/)
    expect((await graft(folder, [...call, '--scale', 'none'])).stderr).toBe('')
  })

  it('keeps class names with line ends on one line', async () => {
    const file = put(folder, 'names.csv', 'x,label\n1,"a\nb"\n2,c\n')
    expect((await graft(folder, ['inspect', file])).stdout).toContain('2 (a\\nb: 1, c: 1)')
  })

  it('takes more threads than there are cores for as many as there are', async () => {
    const call = ['adapt', '--source', source, '--target', target, '--method', 'pca', '--out', 'threads', '--quiet']
    expect((await graft(folder, [...call, '--threads', '1000000'])).code).toBe(0)
  })
})

describe('wrong calls', () => {
  it('hear what to change', async () => {
    const call = ['adapt', '--source', source, '--target', target, '--out', 'wrong', '--method']
    const empty = await graft(folder, [...call, ','])
    expect(empty.stderr).toContain('at least one')
    const swapped = await graft(folder, [...call, 'jad'])
    expect(swapped.stderr).toContain('did you mean "jda"?')
    const label = await graft(folder, [...call, 'pca', '--label', 'kind'])
    expect(label.stderr).toMatch(/source\.csv: it has no column "kind".*--label/)
    const bench = await graft(folder, ['bench', 'digits', '--data', '.', '--methods', ','])
    expect(bench.stderr).toContain('at least one')
    for (const { code, stdout } of [empty, swapped, label, bench]) {
      expect(code).toBe(2)
      expect(stdout).toBe('')
    }
    expect(contents(join(folder, 'wrong'))).toEqual([])
    expect(existsSync(join(folder, 'wrong'))).toBe(false)
  })
})
