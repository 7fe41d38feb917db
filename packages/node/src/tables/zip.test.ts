import { open } from 'node:fs/promises'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/tables/folder.ts'
import { readZipDirectory, readZipEntry } from './zip.ts'

const folder = temporaryFolder()

test('reads what fflate writes, and finds a changed byte', async () => {
  const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251)
  const whole = zipSync({
    'a.bin': [content, { level: 0 }],
    'ä.bin': [content, { level: 9 }],
    'none.bin': new Uint8Array(),
  })
  const read = async (bytes: Uint8Array) => {
    const handle = await open(folder.write('a.zip', bytes))
    try {
      const entries = (await readZipDirectory(handle)) ?? []
      return await Promise.all(entries.map(async (entry) => [entry.name, await readZipEntry(handle, entry)] as const))
    } finally {
      await handle.close()
    }
  }
  const [stored, packed, none] = await read(whole)
  expect(stored![1]).toEqual(content)
  expect([packed![0], Uint8Array.from(packed![1]!)]).toEqual(['ä.bin', content])
  expect(none![1]).toHaveLength(0)
  const changed = whole.slice()
  changed[1000] = changed[1000]! ^ 4
  expect((await read(changed))[0]![1]).toBeNull()
  expect(await read(whole.slice(0, -5))).toEqual([])
})
