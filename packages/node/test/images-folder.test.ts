import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageLayout, readImageFolder, readImages, selectImages } from '../src/images/index.ts'
import { workFolder } from './graft.ts'
import { plain, putImage } from './image-files.ts'

const root = workFolder()
const pixel = await plain(1, 1, 1, 2, 3).png().toBuffer()
const put = (folder: string, ...names: string[]) =>
  Promise.all(names.map((name) => putImage(join(root, folder), name, pixel)))
const listening = () => {
  const warnings: string[] = []
  return { warnings, warn: (text: string) => warnings.push(text) }
}

describe('readImageFolder', () => {
  it('sorts classes and files by code units, whatever their script', async () => {
    await put('scripts', 'β/2.png', 'z/b.PNG', 'z/a.jpeg', '猫/x.webp', 'Ä/1.png', 'a b/.hidden.png', '.git/x.png')
    await put('scripts', 'a b/10.png', 'a b/9.png')
    const hooks = listening()
    const images = await readImageFolder(join(root, 'scripts'), hooks)
    expect(images.classes).toEqual(['a b', 'z', 'Ä', 'β', '猫'])
    expect(images.files).toEqual(['a b/10.png', 'a b/9.png', 'z/a.jpeg', 'z/b.PNG', 'Ä/1.png', 'β/2.png', '猫/x.webp'])
    expect([...images.labels]).toEqual([0, 0, 1, 1, 2, 3, 4])
    expect(hooks.warnings).toEqual([])
  })

  it('takes two spellings of one name, composed and decomposed, as one class', async () => {
    await put('spelling', 'caf\u00e9/1.png', 'cafe\u0301/2.png', 'tea/1.png')
    const { classes, files, labels } = await readImageFolder(join(root, 'spelling'))
    expect(classes).toEqual(['caf\u00e9', 'tea'])
    expect(files).toHaveLength(3)
    expect([...labels]).toEqual([0, 0, 1])
    // The files keep their own spelling: a disk may tell the two apart.
    expect(files).toContain('cafe\u0301/2.png')
  })

  it('leaves out, with one warning per reason, what is no image, has no class, or is empty', async () => {
    await put(
      'odd',
      'a/1.png',
      'a/notes.txt',
      'a/2.bmp',
      'b/1.png',
      'b/3.bmp',
      'stray.png',
      'readme.md',
      'a/deep/er/3.png',
    )
    mkdirSync(join(root, 'odd', 'empty'))
    const hooks = listening()
    const images = await readImageFolder(join(root, 'odd'), hooks)
    expect(images.classes).toEqual(['a', 'b'])
    expect(images.files).toEqual(['a/1.png', 'a/deep/er/3.png', 'b/1.png'])
    expect(images.skipped.map(({ file }) => file).sort()).toEqual(
      ['a/2.bmp', 'a/notes.txt', 'b/3.bmp', 'readme.md', 'stray.png'].sort(),
    )
    expect(hooks.warnings).toHaveLength(4)
    expect(hooks.warnings.join('\n')).toMatch(/no images in "empty"/)
    expect(hooks.warnings.join('\n')).toMatch(/2 files are skipped: images in the form \.bmp.*a\/2\.bmp, b\/3\.bmp/)
    expect(hooks.warnings.join('\n')).toMatch(/1 file is skipped: it lies beside.*stray\.png/)
  })

  it('refuses layouts without two classes, and says what to do', async () => {
    await put('flat', '1.png', '2.png')
    await put('single', 'only/1.png')
    await put('parts', 'train/a/1.png', 'test/a/1.png')
    await put('none', 'a/x.txt', 'b/y.txt')
    mkdirSync(join(root, 'void'))
    const fault = (name: string) =>
      readImageFolder(join(root, name)).catch((error: Error) => `${error.name}: ${error.message}`)
    expect(await fault('flat')).toMatch(
      /InvalidInputError: .*flat: 2 images lie directly in it.*one folder for each class/,
    )
    expect(await fault('single')).toMatch(/"only" is the only class/)
    expect(await fault('parts')).toMatch(/look like parts of a data set.*parts\/test/)
    expect(await fault('none')).toMatch(/none of its class folders holds an image/)
    expect(await fault('void')).toMatch(/no class folders and no images/)
    expect(await fault('absent')).toMatch(/no such folder/)
    expect(await fault('flat/1.png')).toMatch(/it is a file, expected a folder/)
  })

  it('numbers classes as a model does, where one is given', async () => {
    await put('known', 'b/1.png')
    const images = await readImageFolder(join(root, 'known'), { classes: ['a', 'b', 'c'] })
    expect(images.classes).toEqual(['a', 'b', 'c'])
    expect([...images.labels]).toEqual([1])
    const stranger = readImageFolder(join(root, 'known'), { classes: ['a', 'B2'] })
    await expect(stranger).rejects.toThrow(/"b" is no class of the model/)
  })

  it('follows links, but not in circles', async () => {
    await put('links', 'a/1.png', 'b/1.png')
    symlinkSync(join(root, 'links'), join(root, 'links', 'a', 'up'))
    symlinkSync(join(root, 'links', 'b'), join(root, 'links', 'c'))
    const { files } = await readImageFolder(join(root, 'links'))
    expect(files.filter((file) => file.startsWith('c/'))).toEqual(['c/1.png'])
    expect(files.filter((file) => file.startsWith('a/'))).toEqual(['a/1.png'])
  })
})

describe('readImages', () => {
  it('lists all images below a folder, and says of a path how it is laid out', async () => {
    await put('free', 'b.png', 'a.jpg', 'x/c.png')
    await put('freer', 'b.png')
    expect((await readImages(join(root, 'free'))).files).toEqual(['a.jpg', 'b.png', 'x/c.png'])
    expect(await imageLayout(join(root, 'free'))).toBe('classes')
    expect(await imageLayout(join(root, 'freer'))).toBe('flat')
    expect(await imageLayout(join(root, 'freer', 'b.png'))).toBeNull()
    mkdirSync(join(root, 'bare'))
    await expect(readImages(join(root, 'bare'))).rejects.toThrow(/no images in it or below it/)
  })
})

it('selectImages keeps labels beside their files', async () => {
  const images = await readImageFolder(join(root, 'scripts'))
  const kept = selectImages(images, [1, 5])
  expect(kept.files).toEqual(['a b/9.png', 'β/2.png'])
  expect([...kept.labels]).toEqual([0, 3])
  expect(kept.classes).toEqual(images.classes)
})
