import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidInputError } from 'graft-learn'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeAtomically, writeChunksAtomically } from './write-atomically.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-write-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('writes text, bytes and chunks, over what was there, and leaves no other file', async () => {
  const file = join(folder, 'a.txt')
  await writeAtomically(file, 'one')
  await writeAtomically(file, new Uint8Array([0x74, 0x77, 0x6f]))
  expect(await readFile(file, 'utf8')).toBe('two')
  await writeChunksAtomically(file, ['th', 'ré', 'e'])
  expect(await readFile(file, 'utf8')).toBe('thrée')
  expect(await readdir(folder)).toEqual(['a.txt'])
})

test('keeps the old file and removes the temporary one when the chunks fail', async () => {
  const file = join(folder, 'a.txt')
  await writeAtomically(file, 'old')
  async function* chunks() {
    yield 'new'
    throw new Error('stopped')
  }
  await expect(writeChunksAtomically(file, chunks())).rejects.toThrow('stopped')
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['a.txt'])
})

test('says what to do where the file cannot be made', async () => {
  await writeFile(join(folder, 'file.txt'), '')
  await mkdir(join(folder, 'sub'))
  for (const [name, message] of [
    ['file.txt/out.csv', /a part of the path is a file/],
    ['absent/out.csv', /folder does not exist/],
    ['sub', /it is a folder/],
  ] as const) {
    const failure = await writeAtomically(join(folder, name), 'x').catch((error) => error)
    expect(failure).toBeInstanceOf(InvalidInputError)
    expect(failure.message).toMatch(message)
  }
  expect((await readdir(folder)).sort()).toEqual(['file.txt', 'sub'])
  expect(await readdir(join(folder, 'sub'))).toEqual([])
})

test('follows a link, and writes into a device instead of replacing it', async () => {
  await writeFile(join(folder, 'real'), 'old')
  await symlink(join(folder, 'real'), join(folder, 'link'))
  await writeAtomically(join(folder, 'link'), 'new')
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new')
  expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true)
  await writeAtomically('/dev/null', 'gone')
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
})
