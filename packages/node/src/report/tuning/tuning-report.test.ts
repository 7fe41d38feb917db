import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { matrix, seededRandom } from 'graft-learn'
import { parseHTML } from 'linkedom'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { names, nasty } from '../../../test/made-up-report.ts'
import { pixel, tunedRun, tuningReport } from '../../../test/made-up-tuning.ts'
import {
  embeddedPoints,
  renderTuningReport,
  scoredReport,
  type TunedRun,
  type TuningReportData,
  writeTuningFigures,
} from './index.ts'

const page = (data: TuningReportData) => parseHTML(renderTuningReport(data)).document
const headerOf = (run: Partial<TunedRun>) =>
  page(tuningReport({ run: tunedRun(run) }))
    .querySelector('header')!
    .textContent!.replace(/\s+/g, ' ')

describe('the headline', () => {
  const scores = (test: number | null, head: number | null, validation: number | null = null) => ({
    scores: { test, validation, head: { test: head, validation: head } },
  })

  it('says how tuning did beside a head on fixed features', () => {
    const text = headerOf({})
    expect(text).toContain('91.0% of test rows — 10.0 points above a head on fixed features (81.0%)')
    expect(text).toContain('Training more than the head helped.')
    expect(headerOf(scores(0.6, 0.8))).toContain('hurt: keep more blocks')
    expect(headerOf(scores(0.8, 0.8))).toContain('level with a head')
  })

  it('says where it may be chance', () => {
    expect(headerOf(scores(0.82, 0.8))).toContain(
      'may be chance: with so many rows a difference below about 6.3 points',
    )
  })

  it('says whose rows they are, and what is not known', () => {
    const held = tuningReport({ run: tunedRun(scores(null, 0.5, 0.7)), scored: null })
    expect(page(held).querySelector('header')!.textContent).toContain('70.0% of rows held out — 20.0 points above')
    expect(headerOf(scores(null, null))).toContain('not scored')
    expect(headerOf({ ...scores(0.8, 0.8), bestEpoch: 0 })).toContain('so its weights were kept')
    expect(headerOf({ interrupted: true })).toContain('Training was interrupted')
  })
})

describe('the page', () => {
  const data = tuningReport()
  const html = renderTuningReport(data)

  it('stands by itself: no script, nothing from elsewhere, pictures inside', () => {
    expect(html).not.toMatch(/<script|<link|@import|https?:|url\((?!#)/)
    const pictures = [...page(data).querySelectorAll('img')].map((img) => img.getAttribute('src'))
    expect(pictures).toEqual([pixel])
  })

  it('takes nothing but pictures for thumbnails', () => {
    for (const thumbnail of ['https://elsewhere/x.png', 'data:text/html;base64,AAAA', `${pixel}" onerror="x`]) {
      const mistakes = [{ file: 'a', truth: 'one', predicted: 'two', probability: 1, thumbnail }]
      const text = renderTuningReport(tuningReport({ scored: { ...data.scored!, mistakes } }))
      expect(text).not.toContain('<img')
      expect(text).not.toContain('elsewhere')
    }
  })

  it('shows names from the data literally', () => {
    expect(html).not.toContain('<b>')
    expect(html).not.toContain('<them>')
    const document = page(data)
    expect(document.querySelector('h1')!.textContent).toBe(data.title)
    expect(document.querySelector('pre')!.textContent).toBe(data.command)
    const said = [...document.querySelectorAll('.mistakes li')].map((item) => item.textContent)
    expect(said).toEqual([`two at 99.7%, truly one${nasty}.jpg`, `one at 80.0%, truly ${nasty}plain.jpg`])
  })

  it('has every figure, each with a text for those who do not see it', () => {
    const document = page(data)
    const figures = [...document.querySelectorAll('figure')].map((figure) => figure.className)
    expect(figures).toEqual(['curves', 'depth', 'confusion', 'classes', 'embedding', 'forgetting'])
    for (const svg of document.querySelectorAll('svg')) expect(svg.getAttribute('aria-label')).toMatch(/\w{3}/)
    expect(html).toContain('Loss by epoch: training from 1.20 to 0.200')
    expect(html).toContain('95.0% of the training rows and 84.0% of those held out')
    expect(html).toContain('71.0% before, 62.0% after')
  })

  it('says which depth was chosen and why, and which settings were taken', () => {
    const text = page(data).querySelector('main')!.textContent!
    expect(text).toContain('Keeping 9 of 18 blocks got 86.0 % of 50 held-out rows right')
    const chosen = [...page(data).querySelectorAll('tr')].filter((row) => row.textContent!.includes('★ chosen'))
    expect(chosen.map((row) => row.querySelectorAll('td')[1]!.textContent)).toEqual(['86.0%'])
    for (const part of ['learningRate', 'alpha', 'photos: 244 rows, 2 files left out', 'epoch 4']) {
      expect(text).toContain(part)
    }
  })

  it('leaves out what there is nothing to say of', () => {
    const bare = tuningReport({
      scored: null,
      embedding: null,
      run: tunedRun({ epochs: [], trials: [], forgetting: null, test: null, bestEpoch: 0 }),
    })
    const document = page(bare)
    expect([...document.querySelectorAll('h2')].map((h) => h.textContent)).toEqual([
      'In numbers',
      'How many blocks are kept',
      'Settings',
      'Make it again',
    ])
    expect(document.querySelectorAll('figure')).toHaveLength(0)
  })

  it('draws odd data: one epoch, losses by name, forty classes, numbers that are none', () => {
    const classes = Array.from({ length: 40 }, (_, i) => `class ${i}`)
    const epoch = { epoch: 1, loss: Number.NaN, trainAccuracy: 0, validationAccuracy: null, seconds: null }
    const losses = { 'cross-entropy': 0.5, distance: 0.1 }
    const text = renderTuningReport(
      tuningReport({
        run: tunedRun({ classes, epochs: [{ ...epoch, losses }], bestEpoch: 1 }),
        scored: {
          rows: 'test rows',
          confusion: classes.map(() => classes.map(() => 0)),
          perClass: classes.map((name) => ({ name, support: 0, precision: 0, recall: Number.NaN, f1: 0 })),
          mistakes: [],
          wrong: 0,
        },
        embedding: { rows: 'test rows', before: [{ x: Number.NaN, y: 0, className: 'class 7' }], after: [] },
      }),
    )
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(text).toContain('cross-entropy from 0.500 to 0.500, distance from 0.100')
    expect(text).toContain('There is none: all test rows are predicted rightly.')
  })
})

describe('what a report is made from', () => {
  const labels = Int32Array.of(0, 0, 1, 1, 2)
  const predicted = Int32Array.of(0, 1, 1, 2, 0)
  const probabilities = matrix(5, 3, Float64Array.of(0.9, 0.1, 0, 0.3, 0.6, 0.1, 0, 1, 0, 0, 0.1, 0.9, 0.5, 0.3, 0.2))
  const rows = { rows: 'test rows', classes: names, labels, predicted, probabilities }

  it('counts rows, and puts the surest mistakes first', async () => {
    const asked: number[] = []
    const thumbnail = async (row: number) => {
      asked.push(row)
      return row === 3 ? pixel : undefined
    }
    const found = await scoredReport({ ...rows, names: ['a', 'b', 'c', 'd', 'e'], thumbnail }, 2)
    expect(found.confusion).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [1, 0, 0],
    ])
    expect(found.perClass[1]).toEqual({ name: 'two', support: 2, precision: 0.5, recall: 0.5, f1: 0.5 })
    expect(found.wrong).toBe(3)
    expect(found.mistakes).toEqual([
      { file: 'd', truth: 'two', predicted: nasty, probability: 0.9, thumbnail: pixel },
      { file: 'b', truth: 'one', predicted: 'two', probability: 0.6 },
    ])
    expect(asked).toEqual([3, 1])
    expect((await scoredReport(rows)).mistakes.map(({ file }) => file)).toEqual(['row 4', 'row 2', 'row 5'])
  })

  it('puts rows into a plane with their classes', () => {
    const random = seededRandom(1)
    const embedding = matrix(
      5,
      8,
      Float64Array.from({ length: 40 }, () => random.normal()),
    )
    const points = embeddedPoints(embedding, labels, names)
    expect(points.map(({ className }) => className)).toEqual(['one', 'one', 'two', 'two', nasty])
    const mean = points.reduce((sum, { x }) => sum + x, 0) / 5
    expect(mean).toBeCloseTo(0, 9)
  })
})

describe('figures', () => {
  it('are PNG files of their own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'graft-tuning-figures-'))
    try {
      const files = await writeTuningFigures(join(folder, 'new'), tuningReport())
      expect(files.map((file) => basename(file)).sort()).toEqual(
        ['classes', 'confusion', 'curves', 'depth', 'embedding', 'forgetting'].map((name) => `${name}.png`),
      )
      for (const file of files) {
        expect((await sharp(await readFile(file)).metadata()).format).toBe('png')
        const { channels } = await sharp(file).stats()
        expect(channels[0]!.min).toBeLessThan(100)
        expect(channels[0]!.max).toBe(255)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
