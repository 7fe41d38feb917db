/** Photographs of Office-Caltech10 as folders to tune on and to score, drawn by a seed. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from 'graft-learn'

const PER_CLASS = 20

/** Rows of each class of a problem of two, as many as 244 photographs give. */
const OF_TWO = 122

/** Photographs of one kind that are scored at most, where a class is made of several. */
const MOST_SCORED = 80

/** The pairs of classes that frozen features confuse most. */
const PAIRS = [
  ['keyboard', 'laptop'],
  ['laptop', 'monitor'],
  ['headphones', 'mouse'],
]

/** One domain: 20 images of each class to learn from, half of them where it has fewer than 40, all others to score. */
export function domainSplit(images, domain) {
  return (seed, folder) => {
    const random = seededRandom(seed).fork(domain)
    for (const name of names(join(images, domain))) {
      const files = names(join(images, domain, name)).map((file) => join(images, domain, name, file))
      const count = Math.min(PER_CLASS, Math.floor(files.length / 2))
      const order = random.fork(name).permutation(files.length)
      copy(
        [...order].map((at) => files[at]),
        count,
        folder,
        name,
      )
    }
  }
}

/** Two classes of 122 images each, of all domains: pairs of kinds, and groups of five kinds against the other five. */
export function twoClassSplits(images) {
  const domains = names(images)
  const kinds = names(join(images, domains[0]))
  const pairs = PAIRS.map((pair) => [pair.join(' and '), pair.map((kind) => [kind])])
  const groups = [1, 2, 3].map((number) => {
    const order = [...seededRandom(number).fork('groups').permutation(kinds.length)].map((at) => kinds[at])
    return [`five kinds and five, ${number}`, [order.slice(0, 5), order.slice(5)]]
  })
  return Object.fromEntries(
    [...pairs, ...groups].map(([task, classes]) => [task, (seed, folder) => splitOfTwo(classes, seed, folder)]),
  )

  function splitOfTwo(classes, seed, folder) {
    const random = seededRandom(seed).fork('two classes')
    for (const [index, group] of classes.entries()) {
      group.forEach((kind, i) => {
        const files = domains.flatMap((domain) =>
          names(join(images, domain, kind)).map((file) => join(images, domain, kind, file)),
        )
        const order = [...random.fork(kind).permutation(files.length)].map((at) => files[at])
        const count = Math.floor(OF_TWO / group.length) + (i < OF_TWO % group.length ? 1 : 0)
        const scored = group.length === 1 ? order.length : count + MOST_SCORED
        copy(order.slice(0, scored), count, folder, group.length === 1 ? kind : `group ${index + 1}`)
      })
    }
  }
}

const names = (folder) => readdirSync(folder).sort()

/** The first `count` to learn from, the others to score; files of the same name in several folders stay apart. */
function copy(files, count, folder, label) {
  files.forEach((file, i) => {
    const part = join(folder, i < count ? 'train' : 'test', label)
    mkdirSync(part, { recursive: true })
    copyFileSync(file, join(part, file.split(/[\\/]/).slice(-3).join('-')))
  })
}
