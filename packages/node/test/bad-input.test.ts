import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { npz } from './npz.ts'
import { shiftedCsv, shiftedRows } from './shifted.ts'

const folder = workFolder()
const good = put(folder, 'good.csv', shiftedCsv({ rows: 30 }))
const named = (name: string, text: string | Uint8Array) => put(folder, name, text)
const head = 'x0,x1,x2,x3,label\n'
const whole = npz(shiftedRows().rows)

/** What is wrong with a source file, and what the message must say. */
const badSources: Record<string, [file: string, message: RegExp]> = {
  'a missing file': ['nowhere.csv', /nowhere\.csv.*(no such file|not found|does not exist)/i],
  'an empty file': [named('empty.csv', ''), /empty\.csv.*empty/i],
  'a header alone': [named('header.csv', head), /header\.csv.*no rows/i],
  'a ragged row': [named('ragged.csv', `${head}1,2,3,4,a\n1,2,3,b\n1,2,3,4,b\n`), /ragged\.csv, row 2/],
  'a text cell in a number column': [
    named('text.csv', `${head}1,2,3,4,a\n1,two,3,4,b\n`),
    /text\.csv, row 2, column "x1".*two/,
  ],
  'a NaN feature': [named('nan.csv', `${head}1,2,3,4,a\n1,NaN,3,4,b\n`), /nan\.csv, row 2, column "x1"/],
  'an infinite feature': [named('inf.csv', `${head}1,2,inf,4,a\n1,2,3,4,b\n`), /inf\.csv, row 1, column "x2"/],
  'a missing feature': [named('gap.csv', `${head}1,2,3,4,a\n1,,3,4,b\n`), /gap\.csv, row 2, column "x1"/],
  'one class only': [named('one.csv', `${head}1,2,3,4,a\n4,3,2,1,a\n`), /one\.csv.*one class only/],
  'no label column': [named('none.csv', 'x0,x1,x2,x3\n1,2,3,4\n4,3,2,1\n'), /none\.csv.*label/],
  'a label column without a label': [named('blank.csv', `${head}1,2,3,4,\n4,3,2,1,\n`), /blank\.csv.*label/],
  'other feature names': [named('other.csv', 'x0,x1,y2,x3,label\n1,2,3,4,a\n4,3,2,1,b\n'), /"x2".*|"y2"/],
  'another number of features': [
    named(
      'wide.npz',
      npz(
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [0, 1],
      ),
    ),
    /4.*3|3.*4/,
  ],
  'an npz cut short': [named('cut.npz', whole.subarray(0, whole.length / 2)), /cut\.npz/],
  'a parquet cut short': [named('cut.parquet', Buffer.from('PAR1 and no more')), /cut\.parquet/],
  'a form that is not known': [named('data.xyz', 'x'), /data\.xyz/],
}

describe('a wrong source ends with 2, says why, and writes nothing', () => {
  for (const [name, [file, message]] of Object.entries(badSources)) {
    it(name, async () => {
      const out = join(folder, 'out', name)
      const run = await graft(folder, [
        'adapt',
        '--source',
        file,
        '--target',
        good,
        '--method',
        'pca',
        '--out',
        out,
        '--json',
      ])
      expect(run.stderr).toMatch(message)
      expect(run.stderr).toMatch(/^error: /)
      expect(run.stderr).not.toMatch(/\n {4}at /)
      expect(run.code).toBe(2)
      expect(run.stdout).toBe('')
      expect(existsSync(out)).toBe(false)
    })
  }
})

/** Arguments beside a good source and target, and what the message must say. */
const badCalls: Record<string, [args: string[], message: RegExp]> = {
  'an unknown method': [['--method', 'pac'], /unknown method "pac".*"pca".*none.*coral/],
  'an unknown classifier': [
    ['--method', 'pca', '--classifier', 'linear-swm'],
    /classifier "linear-swm".*"linear-svm".*ridge/,
  ],
  'an unknown scale': [['--method', 'pca', '--scale', 'zscor'], /scale "zscor".*"zscore".*minmax/],
  'an unknown setting': [['--method', 'pca', '--set', 'componets=3'], /setting.*"componets".*"components"/],
  'a setting out of range': [['--method', 'pca', '--set', 'components=-3'], /"components".*-3.*allowed/],
  'a setting of another type': [['--method', 'pca', '--set', 'components=many'], /"components".*"many".*allowed/],
  'a setting of no method': [['--method', 'none', '--set', 'components=3'], /"components"/],
  'a setting without a value': [['--method', 'pca', '--set', 'components'], /name and a value/],
  'a setting of the classifier out of range': [['--method', 'pca', '--set', 'classifier.k=0'], /"k".*0.*allowed/],
  'a method that needs target labels': [['--method', 'target-only'], /--labelled-target/],
  'no method': [[], /--method/],
  'an unknown option': [['--metod', 'pca'], /unknown option '--metod'.*--method/s],
  'a seed that is no number': [['--method', 'pca', '--seed', 'x'], /whole number/],
  'a folder without a name': [['--method', 'pca', '--out', ''], /Name a folder/],
  'threads below one': [['--method', 'pca', '--threads', '0'], /at least 1/],
}

describe('a wrong call ends with 2, says what is allowed, and writes nothing', () => {
  for (const [name, [args, message]] of Object.entries(badCalls)) {
    it(name, async () => {
      const out = join(folder, 'out', name)
      const run = await graft(folder, ['adapt', '--source', good, '--target', good, '--out', out, ...args])
      expect(run.stderr).toMatch(message)
      expect(run.code).toBe(2)
      expect(run.stdout).toBe('')
      expect(existsSync(out)).toBe(false)
    })
  }

  it('an unknown command', async () => {
    const run = await graft(folder, ['adpat'])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/unknown command 'adpat'.*adapt/s)
  })

  it('a folder that cannot be made', async () => {
    named('file', 'not a folder')
    const run = await graft(folder, [
      'adapt',
      '--source',
      good,
      '--target',
      good,
      '--method',
      'pca',
      '--out',
      'file/out',
    ])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/file\/out/)
  })

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(folder, 'locked'))
    chmodSync(join(folder, 'locked'), 0o500)
    const run = await graft(folder, ['adapt', '--source', good, '--target', good, '--method', 'pca', '--out', 'locked'])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/locked.*permission/)
  })
})

describe('a wrong model', () => {
  const text = named('text.onnx', 'this is no model')
  for (const command of ['predict', 'evaluate']) {
    it(`ends ${command} with 2`, async () => {
      const run = await graft(folder, [command, '--model', text, '--input', good])
      expect(run.stderr).toMatch(/text\.onnx: not an ONNX model/)
      expect(run.code).toBe(2)
      const missing = await graft(folder, [command, '--model', 'gone', '--input', good])
      expect(missing.stderr).toMatch(/gone: no such model/)
      expect(missing.code).toBe(2)
    })
  }

  it('ends inspect with 2', async () => {
    const run = await graft(folder, ['inspect', text])
    expect(run.stderr).toMatch(/text\.onnx: not an ONNX model/)
    expect(run.code).toBe(2)
  })

  it('that was fitted on other columns says which', async () => {
    await graft(folder, ['adapt', '--source', good, '--target', good, '--method', 'pca', '--out', 'm', '--quiet'])
    const narrow = named('narrow.csv', 'x0,x1\n1,2\n')
    const run = await graft(folder, ['predict', '--model', 'm', '--input', narrow, '--output', 'p.csv'])
    expect(run.stderr).toMatch(/narrow\.csv.*"x2", "x3"/)
    expect(run.code).toBe(2)
    expect(existsSync(join(folder, 'p.csv'))).toBe(false)
    const counted = named('counted.npz', npz([[1, 2, 3]]))
    const other = await graft(folder, ['predict', '--model', 'm', '--input', counted])
    expect(other.stderr).toMatch(/counted\.npz: has 3 features.*4/)
    const scored = named('unlabelled.csv', 'x0,x1,x2,x3\n1,2,3,4\n')
    const evaluated = await graft(folder, ['evaluate', '--model', 'm', '--input', scored])
    expect(evaluated.stderr).toMatch(/unlabelled\.csv.*label/)
    expect(evaluated.code).toBe(2)
  })
})

describe('bench', () => {
  it('says which files it expects', async () => {
    const run = await graft(folder, ['bench', 'digits', '--data', folder])
    expect(run.stderr).toMatch(/digits\/mnist2000\.npz.*digits\/usps1800\.npz/)
    expect(run.code).toBe(2)
    const unknown = await graft(folder, ['bench', 'digit', '--data', folder])
    expect(unknown.stderr).toMatch(/unknown suite "digit".*"digits"/)
    expect(unknown.code).toBe(2)
  })
})

it('a file that is already there is left as it was when the call is wrong', async () => {
  const out = join(folder, 'kept')
  await graft(folder, ['adapt', '--source', good, '--target', good, '--method', 'pca', '--out', out, '--quiet'])
  const before = contents(out).map((name) => readFileSync(join(out, name)))
  writeFileSync(join(folder, 'broken.csv'), `${head}1,2,3,4,a\nq,2,3,4,b\n`)
  const run = await graft(folder, [
    'adapt',
    '--source',
    'broken.csv',
    '--target',
    good,
    '--method',
    'pca',
    '--out',
    out,
  ])
  expect(run.code).toBe(2)
  expect(contents(out).map((name) => readFileSync(join(out, name)))).toEqual(before)
})
