import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpointFolder } from './checkpoint-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-checkpoints-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bytes = (value: number) => new Uint8Array(5).fill(value)
const contents = async (place: string) => {
  const store = await checkpointFolder(place)
  return Promise.all((await store.list()).map(async ({ read }) => (await read())[0]))
}

test('keeps the last two, newest first, also for another process', async () => {
  const place = join(folder, 'new/one')
  const store = await checkpointFolder(place)
  expect(await store.list()).toEqual([])
  for (let i = 1; i <= 12; i++) await store.write(bytes(i))
  expect((await readdir(place)).sort()).toEqual(['checkpoint-000011.graft', 'checkpoint-000012.graft'])
  expect(await contents(place)).toEqual([12, 11])
  const next = await checkpointFolder(place)
  await next.write(bytes(13))
  expect(await contents(place)).toEqual([13, 12])
})

test('names them for messages', async () => {
  const store = await checkpointFolder(folder)
  await store.write(bytes(1))
  expect((await store.list()).map(({ name }) => name)).toEqual([join(folder, 'checkpoint-000001.graft')])
})

test('replaces one that was refused before the good one that was gone on with', async () => {
  const first = await checkpointFolder(folder)
  for (const i of [1, 2]) await first.write(bytes(i))
  const store = await checkpointFolder(folder)
  // The newest is read and refused, the one before is read and used.
  for (const { read } of await store.list()) await read()
  await store.write(bytes(3))
  expect(await contents(folder)).toEqual([3, 1])
  await store.write(bytes(4))
  expect(await contents(folder)).toEqual([4, 3])
})

test('clears away what a killed process left, and nothing else', async () => {
  await writeFile(join(folder, '.graft-0123456789ab.tmp'), 'half')
  for (const name of ['notes.txt', '.graft-mine.tmp', 'checkpoint-1.graft']) await writeFile(join(folder, name), 'kept')
  await checkpointFolder(folder)
  expect((await readdir(folder)).sort()).toEqual(['.graft-mine.tmp', 'checkpoint-1.graft', 'notes.txt'])
})

test('throws where the folder has gone', async () => {
  const place = join(folder, 'gone')
  const store = await checkpointFolder(place)
  await store.write(bytes(1))
  await rm(place, { recursive: true })
  await expect(store.write(bytes(2))).rejects.toThrow()
})

test('says what to do where the folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(checkpointFolder(join(folder, 'file'))).rejects.toThrow(/choose/)
})
