import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { npz } from './npz.ts'
import { shiftedCsv, shiftedRows } from './shifted.ts'

const folder = workFolder()
const source = put(folder, 'source.csv', shiftedCsv({ rows: 60, seed: 1 }))
const target = put(folder, 'target.csv', shiftedCsv({ rows: 45, seed: 2, shift: 3 }))
const unlabelled = put(folder, 'unlabelled.csv', shiftedCsv({ rows: 45, seed: 2, shift: 3, labelled: false }))
const adapt = (...args: string[]) => graft(folder, ['adapt', ...args])
const lines = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n')

describe('graft adapt', () => {
  it('prints the promised object, alone on standard output, and leaves the promised files', async () => {
    const run = await adapt(
      '--source',
      source,
      '--target',
      target,
      '--method',
      'pca',
      '--out',
      'one',
      '--json',
      '--seed',
      '3',
    )
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    const result = JSON.parse(run.stdout)
    expect(result).toMatchObject({
      command: 'adapt',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      method: 'pca',
      classifier: 'nearest-neighbour',
      options: expect.any(Object),
      seed: 3,
      source: [{ file: source, rows: 60, features: 4, labelled: 60 }],
      target: { file: target, rows: 45, features: 4, labelled: 0 },
      classes: ['a', 'b', 'c'],
      scores: { metric: 'accuracy', sourceOnly: expect.any(Number), adapted: expect.any(Number) },
      files: { model: 'one/model.onnx', predictions: 'one/predictions.csv', report: 'one/report.html' },
    })
    for (const key of ['mmdBefore', 'mmdAfter', 'proxyADistanceBefore', 'proxyADistanceAfter']) {
      expect(result.shift[key], key).toBeTypeOf('number')
    }
    for (const key of ['read', 'fit', 'predict', 'total']) expect(result.seconds[key], key).toBeGreaterThanOrEqual(0)
    expect(result.peakMemoryBytes).toBeGreaterThan(1e7)
    expect(contents(join(folder, 'one'))).toEqual(['model.onnx', 'predictions.csv', 'report.html'])
    const [head, first, ...rest] = lines('one/predictions.csv')
    expect(head).toBe('row,prediction,probability,a,b,c')
    expect(first).toMatch(/^1,[abc],/)
    expect(rest).toHaveLength(44)
  })

  it('has no scores where the target has no labels, and the same predictions', async () => {
    const run = await adapt('--source', source, '--target', unlabelled, '--method', 'pca', '--out', 'blind', '--json')
    expect(JSON.parse(run.stdout).scores).toBeNull()
    await adapt('--source', source, '--target', target, '--method', 'pca', '--out', 'seen', '--json')
    expect(lines('blind/predictions.csv')).toEqual(lines('seen/predictions.csv'))
    const text = await adapt('--source', source, '--target', unlabelled, '--method', 'pca', '--out', 'blind', '--quiet')
    expect(text.stdout).toContain('no labels')
    expect(text.stderr).toBe('')
  })

  it('compares several methods: a folder each, one report, a table', async () => {
    const call = ['--source', source, '--target', target, '--method', 'sa,none,coral', '--out', 'many']
    const run = await adapt(...call, '--set', 'classifier.k=3', '--json')
    expect(run.code).toBe(0)
    const { methods, command, files } = JSON.parse(run.stdout)
    expect(command).toBe('adapt')
    expect(files.report).toBe('many/report.html')
    expect(methods.map((method: { method: string }) => method.method)).toEqual(['sa', 'none', 'coral'])
    expect(methods[0].classifierOptions.k).toBe(3)
    expect(methods[1].scores.adapted).toBe(methods[1].scores.sourceOnly)
    expect(methods[0].scores.sourceOnly).toBe(methods[1].scores.adapted)
    expect(contents(join(folder, 'many'))).toContain(join('coral', 'model.onnx'))
    expect(existsSync(join(folder, 'many', 'report.html'))).toBe(true)
    const table = await adapt(...call)
    expect(table.stdout).toMatch(/^METHOD +ACCURACY +GAIN +MMD +A-DISTANCE +FIT SECONDS\nsa /)
    expect(table.stderr).toContain('coral: saved in many/coral')
  })

  it('says plainly when transfer hurt', async () => {
    // The target is the source with its classes swapped along the only direction that matters.
    const swap = put(folder, 'swap.csv', 'x,label\n0,a\n1,a\n9,b\n10,b\n')
    const other = put(folder, 'other.csv', 'x,label\n0.1,a\n0.2,a\n1.2,a\n')
    const run = await adapt(
      '--source',
      swap,
      '--target',
      other,
      '--method',
      'coral,none',
      '--scale',
      'none',
      '--out',
      'hurt',
    )
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/No method does better|Best:|Transfer hurt/)
  })

  it('joins several sources, and learns from labelled target rows', async () => {
    const more = put(folder, 'more.csv', shiftedCsv({ rows: 30, seed: 5, shift: 1 }))
    const known = put(folder, 'known.csv', shiftedCsv({ rows: 9, seed: 6, shift: 3 }))
    const run = await adapt(
      '--source',
      source,
      '--source',
      more,
      '--target',
      target,
      '--labelled-target',
      known,
      '--method',
      'pca',
      '--out',
      'two',
      '--json',
    )
    const result = JSON.parse(run.stdout)
    expect(result.source.map(({ rows }: { rows: number }) => rows)).toEqual([60, 30])
    expect(result.labelledTarget).toMatchObject({ file: known, rows: 9, labelled: 9 })
    expect(lines('two/predictions.csv')).toHaveLength(46)
  })

  it('matches named columns in any order', async () => {
    const text = readFileSync(join(folder, target), 'utf8').trim()
    const turned = text.split('\n').map((line) => line.split(',').reverse().join(','))
    const reversed = put(folder, 'reversed.csv', `${turned.join('\n')}\n`)
    await adapt('--source', source, '--target', reversed, '--method', 'pca', '--out', 'reversed', '--json')
    await adapt('--source', source, '--target', target, '--method', 'pca', '--out', 'straight', '--json')
    expect(lines('reversed/predictions.csv')).toEqual(lines('straight/predictions.csv'))
  })

  it('takes text, integer and boolean labels, and counts target labels of no class as wrong', async () => {
    const { rows } = shiftedRows({ rows: 20, classes: ['a', 'b'] })
    const bools = rows.map((row, i) => [...row, i % 2 === 0].join(',')).join('\n')
    const flags = put(folder, 'flags.csv', `p,q,r,s,label\n${bools}\n`)
    const boolean = await adapt('--source', flags, '--target', flags, '--method', 'none', '--out', 'bool', '--json')
    expect(JSON.parse(boolean.stdout)).toMatchObject({ classes: ['false', 'true'], scores: { adapted: 1 } })

    const numbers = put(
      folder,
      'numbers.npz',
      npz(
        rows,
        rows.map((_, i) => (i % 2 === 0 ? 10 : 9)),
      ),
    )
    const strange = put(
      folder,
      'strange.npz',
      npz(
        rows,
        rows.map((_, i) => (i === 0 ? 77 : i % 2 === 0 ? 10 : 9)),
      ),
    )
    const run = await adapt('--source', numbers, '--target', strange, '--method', 'none', '--out', 'int', '--json')
    expect(JSON.parse(run.stdout)).toMatchObject({ classes: ['9', '10'], scores: { adapted: 0.95 } })
    expect(run.stderr).toMatch(/warning: strange\.npz: 1 of 20 labelled rows .*"77".* count as wrong/)
  })

  it('widens svmlight files to the widest, counts them from the same number, and predicts as narrow ones', async () => {
    const first = put(folder, 'first.svmlight', 'a 0:5 1:1\nb 1:5 2:1\na 0:4\nb 1:4\n')
    const second = put(folder, 'second.svmlight', 'b 1:5\nb 1:4\n')
    const call = [
      '--source',
      first,
      '--target',
      second,
      '--method',
      'none',
      '--scale',
      'none',
      '--out',
      'sparse',
      '--json',
    ]
    const run = await adapt(...call)
    expect(JSON.parse(run.stdout)).toMatchObject({
      source: [{ features: 3 }],
      target: { features: 3, scored: 2 },
      scores: { adapted: 1 },
    })
    const predicted = await graft(folder, ['predict', '--model', 'sparse', '--input', second])
    expect(predicted.stdout).toMatch(/^1,b,.*\n2,b,/m)
  })

  it('leaves columns out, and refuses to leave out what no file has', async () => {
    const wordy = put(folder, 'wordy.csv', 'id,x,y,kind\np1,0,0,a\np2,0,1,a\np3,9,9,b\n')
    const call = [
      '--source',
      wordy,
      '--target',
      wordy,
      '--method',
      'none',
      '--label',
      'kind',
      '--out',
      'drop',
      '--json',
    ]
    const run = await adapt(...call, '--drop', 'id')
    expect(JSON.parse(run.stdout)).toMatchObject({ source: [{ features: 2 }], scores: { adapted: 1 } })
    const typo = await adapt(...call, '--drop', 'id,ID2')
    expect(typo.code).toBe(2)
    expect(typo.stderr).toMatch(/--drop ID2: no file has such a column/)
  })

  it('hands settings to those that have them', async () => {
    const call = ['--source', source, '--target', target, '--method', 'pca,sa,none', '--out', 'set', '--json']
    const { stdout } = await adapt(...call, '--set', 'components=3', '--set', 'sa.components=2')
    const { methods } = JSON.parse(stdout)
    expect(methods.map((method: { options: { components?: number } }) => method.options.components)).toEqual([
      3,
      2,
      undefined,
    ])
  })

  it('writes figures where asked to', async () => {
    const run = await adapt(
      '--source',
      source,
      '--target',
      target,
      '--method',
      'pca',
      '--out',
      'fig',
      '--figures',
      '--json',
    )
    const { figures } = JSON.parse(run.stdout).files
    expect(figures.length).toBeGreaterThan(0)
    for (const figure of figures) expect(existsSync(join(folder, figure)), figure).toBe(true)
  })
})

describe('small and degenerate data just work', () => {
  const cases: Record<string, [string, string]> = {
    'a class of a single row': [`x,y,label\n0,0,a\n0,1,a\n1,0,a\n5,5,b\n`, 'x,y\n0,0\n5,4\n'],
    'constant and duplicated features': [
      `x,y,z,c,label\n0,0,1,7,a\n1,1,1,7,a\n5,5,4,7,b\n6,6,5,7,b\n`,
      'x,y,z,c\n0,0,1,7\n5,5,4,7\n2,2,2,7\n',
    ],
    'fewer rows than features': [
      `a,b,c,d,e,label\n1,2,3,4,5,p\n5,4,3,2,2,q\n2,2,3,4,4,p\n`,
      'a,b,c,d,e\n1,2,3,4,4\n5,4,3,2,1\n',
    ],
    'a single feature': [`x,label\n0,a\n1,a\n9,b\n8,b\n`, 'x\n2\n11\n1\n'],
  }
  // All methods in one call, each with its compilation: half a minute of a processor.
  const patience = 240_000
  for (const [name, [sourceText, targetText]] of Object.entries(cases)) {
    it(name, { timeout: patience }, async () => {
      const s = put(folder, `${name}.s.csv`, sourceText)
      const t = put(folder, `${name}.t.csv`, targetText)
      const all = JSON.parse((await graft(folder, ['methods', '--json'])).stdout).methods
      const ids = all
        .filter((m: { needs: { targetLabels: string } }) => m.needs.targetLabels === 'none')
        .map((m: { id: string }) => m.id)
      const run = await adapt(
        '--source',
        s,
        '--target',
        t,
        '--method',
        ids.join(','),
        '--epochs',
        '2',
        '--out',
        name,
        '--json',
        '--quiet',
      )
      expect(run.stderr).toBe('')
      expect(run.code).toBe(0)
      expect(JSON.parse(run.stdout).methods).toHaveLength(ids.length)
    })
  }
})
