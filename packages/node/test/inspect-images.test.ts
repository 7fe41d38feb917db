import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '../src/inspect/inspect-file.ts'
import { imagesText } from '../src/inspect/inspect-text.ts'
import { summariseImages } from '../src/inspect/summarise-images.ts'
import { workFolder } from './graft.ts'

const folder = workFolder()

function filled(name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(join(folder, name, file, '..'), { recursive: true })
    writeFileSync(join(folder, name, file), '')
  }
  return join(folder, name)
}

describe('inspecting a folder of images', () => {
  it('counts them by class, and what is left out by reason', async () => {
    const photographs = filled('photographs', ['犬/1.jpg', '犬/2.png', 'cat/1.jpg', 'cat/notes.txt', 'top.jpg'])
    const found = await inspectFile(photographs, {})
    expect(found).toMatchObject({
      kind: 'images',
      file: photographs,
      images: 3,
      classes: [
        { name: 'cat', images: 1 },
        { name: '犬', images: 2 },
      ],
    })
    const text = imagesText(await summariseImages(photographs))
    expect(text).toMatch(/Images +3\nClasses +2 \(cat: 1, 犬: 2\)/)
    expect(text.match(/Left out +1: /g)).toHaveLength(2)
  })

  it('refuses a folder without any', async () => {
    await expect(inspectFile(filled('texts', ['a/notes.txt', 'b/notes.txt']), {})).rejects.toThrow(/image/)
  })
})
