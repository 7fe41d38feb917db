import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { matrixFromRows } from '../../tensor/index.ts'
import { stackedRows } from './stacked-rows.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

it('stacks the rows of both domains, of unit length where asked for', async () => {
  const source = matrixFromRows([
    [3, 4],
    [0, 0],
  ])
  const target = matrixFromRows([[0, -2]])
  expect([...(await stackedRows(runtime, source, target, false)).data]).toEqual([3, 4, 0, 0, 0, -2])
  const unit = await stackedRows(runtime, source, target, true)
  expect([unit.rows, unit.columns]).toEqual([3, 2])
  expect([...unit.data]).toEqual([3 / 5, 4 / 5, 0, 0, 0, -1])
})
