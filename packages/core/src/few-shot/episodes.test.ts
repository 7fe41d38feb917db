import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { drawEpisodes } from './episodes.ts'

/** 3 rows of class 2, 8 of class 0, 5 of class 5, 20 of class 7, and 4 unlabelled ones, mixed. */
const inOrder = Object.entries({ 2: 3, 0: 8, 5: 5, 7: 20, [-1]: 4 }).flatMap(([label, rows]) =>
  Array<number>(rows).fill(Number(label)),
)
const labels = Int32Array.from(inOrder, (_, i) => inOrder[(i * 7) % 40]!)

describe('episodes', () => {
  it('hold the asked classes and rows, support and query apart, labels in place', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, shots, queries) => {
          const draw = drawEpisodes(labels, { ways: 3, shots, queries, episodes: 5 }, seededRandom(seed))
          expect(draw.episodes.length).toBe(5)
          for (const { classes, support, query } of draw.episodes) {
            expect(new Set(classes).size).toBe(3)
            expect(support.rows.length).toBe(3 * shots)
            const all = [...support.rows, ...query.rows]
            expect(new Set(all).size).toBe(all.length)
            for (const { rows, labels: given } of [support, query]) {
              rows.forEach((row, i) => {
                expect(labels[row]).toBe(classes[given[i]!])
              })
            }
            classes.forEach((label, k) => {
              const size = labels.filter((each) => each === label).length
              expect(query.labels.filter((each) => each === k).length).toBe(Math.min(queries, size - shots))
            })
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('take all classes that are large enough by default, and name the others', () => {
    const draw = drawEpisodes(labels, { shots: 4, episodes: 2 }, seededRandom(0))
    expect([draw.ways, draw.queries]).toEqual([3, 15])
    expect(draw.tooSmall).toEqual([{ label: 2, rows: 3 }])
    for (const { classes } of draw.episodes) expect([...classes].sort()).toEqual([0, 5, 7])
  })

  it('are 600 of all classes by default, of 20 where there are more, and 100 where they are large', () => {
    const many = Int32Array.from({ length: 25 * 40 }, (_, i) => i % 25)
    const draw = (shots: number) => {
      const { ways, episodes } = drawEpisodes(many, { shots, queries: 1 }, seededRandom(0))
      return [ways, episodes.length]
    }
    expect([draw(1), draw(10), draw(11)]).toEqual([
      [20, 600],
      [20, 600],
      [20, 100],
    ])
  })

  it('are the same for the same seed, however many there are, and others for another', () => {
    const draw = (seed: number, episodes: number) =>
      drawEpisodes(labels, { ways: 2, shots: 1, episodes }, seededRandom(seed)).episodes
    expect(draw(4, 3)).toEqual(draw(4, 9).slice(0, 3))
    expect(draw(4, 3)).not.toEqual(draw(5, 3))
  })

  it('keep classes, rows and, where classes are large, queries when there are more shots', () => {
    const draw = (shots: number) =>
      drawEpisodes(labels, { ways: 2, shots, queries: 2, episodes: 20 }, seededRandom(1)).episodes
    const [one, two] = [draw(1), draw(2)]
    one.forEach((episode, e) => {
      expect(two[e]!.classes).toEqual(episode.classes)
      for (const row of episode.support.rows) expect(two[e]!.support.rows).toContain(row)
      const large = episode.classes.every((label) => label !== 2)
      if (large) expect(two[e]!.query).toEqual(episode.query)
    })
  })

  it('draw all classes and rows about equally often', () => {
    const { episodes } = drawEpisodes(labels, { ways: 2, shots: 1, queries: 1, episodes: 4000 }, seededRandom(2))
    const counts = new Map<number, number>()
    for (const { support } of episodes) for (const row of support.rows) counts.set(row, (counts.get(row) ?? 0) + 1)
    const ofClass = (label: number) => [...counts].filter(([row]) => labels[row] === label).map(([, count]) => count)
    for (const [label, size] of [
      [0, 8],
      [2, 3],
      [5, 5],
      [7, 20],
    ] as const) {
      const each = ofClass(label)
      expect(each.length).toBe(size)
      const total = each.reduce((a, b) => a + b, 0)
      // Half of 4,000 episodes have the class: four standard deviations are 126.
      expect(Math.abs(total - 2000)).toBeLessThan(126)
      for (const count of each) expect(Math.abs(count - total / size)).toBeLessThan(5 * Math.sqrt(total / size))
    }
  })

  it('are refused where numbers cannot be, or classes are too few', () => {
    const draw = (options: object) => () => drawEpisodes(labels, { shots: 1, ...options }, seededRandom(0))
    expect(draw({ shots: 0 })).toThrow('the number of shots is a whole number of 1 or more, got 0')
    expect(draw({ ways: 1 })).toThrow('the number of ways is a whole number of 2 or more, got 1')
    expect(draw({ queries: 1.5 })).toThrow('the number of queries')
    expect(draw({ ways: 4, shots: 3 })).toThrow('need 4 classes of 4 rows or more, got 3: give more rows')
    expect(draw({ shots: 10 })).toThrow('need 2 classes of 11 rows or more, got 1')
  })
})
