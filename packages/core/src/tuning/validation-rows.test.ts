import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { baseOutputs, blocksOf, joinRows, pickRows, rowsInMemory, type TuningRows } from './tuning-rows.ts'
import { chooseRows } from './validation-rows.ts'
import { evaluationIn, validationScore } from './validation-score.ts'

const rowsOf = (labels: readonly number[]): TuningRows =>
  rowsInMemory(
    { type: 'float32', dims: [labels.length, 1], data: Float32Array.from(labels.keys()) },
    Int32Array.from(labels),
  )
const random = seededRandom(1)

describe('rows held out', () => {
  it('are a share of each class, none of them trained on', () => {
    const counts = fc.array(fc.integer({ min: 4, max: 30 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(counts, fc.double({ min: 0.05, max: 0.6, noNaN: true }), fc.integer(), (sizes, share, seed) => {
        const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => label))
        const { training, heldOut } = chooseRows({ training: rowsOf(labels) }, share, seededRandom(seed))
        expect([...training, ...heldOut!].sort((a, b) => a - b)).toEqual([...labels.keys()])
        sizes.forEach((size, label) => {
          const held = heldOut!.filter((row) => labels[row] === label).length
          expect(Math.abs(held - share * size)).toBeLessThanOrEqual(1)
          expect(held).toBeLessThan(size)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('are none where a class is small, where none are wanted, or where rows are given for it', () => {
    const all = Int32Array.from({ length: 8 }, (_, row) => row)
    expect(chooseRows({ training: rowsOf([0, 0, 0, 0, 0, 1, 1, 1]) }, 0.2, random)).toEqual({ training: all })
    const even = rowsOf([0, 0, 0, 0, 1, 1, 1, 1])
    expect(chooseRows({ training: even }, 0, random)).toEqual({ training: all })
    expect(chooseRows({ training: even }, 0.25, random).heldOut).toHaveLength(2)
    const given = rowsOf([1, 0])
    expect(chooseRows({ training: even, validation: given }, 0.2, random)).toEqual({ training: all, given })
  })
})

describe('a validation score', () => {
  it('orders by accuracy, then by loss', () => {
    const share = fc.integer({ min: 0, max: 5000 }).map((right) => right / 5000)
    const loss = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(share, share, loss, loss, (a, b, lossA, lossB) => {
        const [first, second] = [
          validationScore({ accuracy: a, loss: lossA }),
          validationScore({ accuracy: b, loss: lossB }),
        ]
        if (a !== b) expect(first > second).toBe(a > b)
        else if (lossA < lossB) expect(first).toBeGreaterThanOrEqual(second)
      }),
    )
    expect(validationScore({ accuracy: 0.5, loss: 0.3 })).toBeGreaterThan(
      validationScore({ accuracy: 0.5, loss: 0.301 }),
    )
  })

  it('stands for its evaluation', () => {
    const rows = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(
        rows,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (n, share, loss) => {
          const accuracy = Math.round(share * n) / n
          const found = evaluationIn(validationScore({ accuracy, loss }), n)
          expect(found.accuracy).toBeCloseTo(accuracy, 12)
          expect(Math.abs(found.loss - loss)).toBeLessThan(1e-6 * (1 + loss) ** 2)
        },
      ),
    )
  })

  it('is a number, below all others of the same accuracy, for a loss without bound', () => {
    for (const loss of [Number.POSITIVE_INFINITY, Number.NaN]) {
      const score = validationScore({ accuracy: 0.5, loss })
      expect(score).toBeLessThan(validationScore({ accuracy: 0.5, loss: 1000 }))
      expect(score).toBeGreaterThan(validationScore({ accuracy: 0.49, loss: 0 }))
    }
  })
})

describe('rows', () => {
  it('come in blocks that cover all of them', () => {
    expect([...blocksOf(5, 2)].map((rows) => [...rows])).toEqual([[0, 1], [2, 3], [4]])
    expect([...blocksOf(0)]).toEqual([])
  })

  it('are picked and joined whole', () => {
    const tensor = { type: 'float32' as const, dims: [3, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) }
    const picked = pickRows(tensor, Int32Array.of(2, 0, 2))
    expect(picked).toEqual({ type: 'float32', dims: [3, 2], data: Float32Array.of(4, 5, 0, 1, 4, 5) })
    expect(joinRows([picked, tensor])).toEqual({
      type: 'float32',
      dims: [6, 2],
      data: Float32Array.of(4, 5, 0, 1, 4, 5, 0, 1, 2, 3, 4, 5),
    })
  })

  it('are taken from where their outputs are kept', async () => {
    const outputs = { type: 'float32' as const, dims: [2, 1], data: Float32Array.of(7, 8) }
    const asked: number[] = []
    const kept = async (_: unknown, view: number) => {
      asked.push(view)
      return outputs
    }
    const data: TuningRows = { ...rowsOf([0, 1]), outputs: kept }
    expect(await baseOutputs(undefined as never, undefined as never, data, 3)).toBe(outputs)
    expect(asked).toEqual([3])
  })
})
