import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidInputError } from 'graft-learn'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOutputFolder, ensureOutputFolder } from './output-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-out-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('makes the folder and its parents, and is content with one that exists', async () => {
  await ensureOutputFolder(join(folder, 'a/b'))
  await ensureOutputFolder(join(folder, 'a/b'))
  expect(await readdir(join(folder, 'a/b'))).toEqual([])
})

test('checks a place without leaving a folder there, or taking away one that was there', async () => {
  await checkOutputFolder(join(folder, 'a/b'))
  await checkOutputFolder(folder)
  expect(await readdir(folder)).toEqual([])
  await writeFile(join(folder, 'file.txt'), '')
  await expect(checkOutputFolder(join(folder, 'file.txt'))).rejects.toThrow(/choose/)
})

test('refuses a place that cannot be written, and leaves nothing there', async () => {
  await writeFile(join(folder, 'file.txt'), '')
  const places = ['file.txt/out', 'file.txt', `new/${'x'.repeat(300)}`].map((name) => join(folder, name))
  if (process.platform === 'linux') places.push('/proc/graft-cannot-write-here')
  for (const place of places) {
    const failure = await ensureOutputFolder(place).catch((error) => error)
    expect(failure).toBeInstanceOf(InvalidInputError)
    expect(failure.message).toMatch(/choose/)
  }
  expect(await readdir(folder)).toEqual(['file.txt'])
})
