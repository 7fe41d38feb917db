import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cnn, type Model, mlp, type Random, seededRandom, writeModel } from 'graft-learn'
import sharp from 'sharp'
import type { TuneWatch } from '../src/tune/call.ts'

/** How the images of these tests become inputs of their networks. */
export const SMALL = { size: '24', mean: '0.5', std: '0.25' }

/** Drawn by side, centre and colour, on 64 × 64. */
const SHAPES: Readonly<Record<string, (x: number, y: number, side: number) => string>> = {
  circle: (x, y, side) => `<circle cx="${x}" cy="${y}" r="${side / 2}"/>`,
  square: (x, y, side) => `<rect x="${x - side / 2}" y="${y - side / 2}" width="${side}" height="${side}"/>`,
  triangle: (x, y, side) =>
    `<polygon points="${x},${y - side / 2} ${x - side / 2},${y + side / 2} ${x + side / 2},${y + side / 2}"/>`,
}
const COLOURS: Readonly<Record<string, readonly number[]>> = {
  circle: [210, 50, 50],
  square: [50, 190, 60],
  triangle: [60, 70, 210],
}

export const shapeNames = Object.keys(SHAPES)

/** One picture of a shape, each at another place, of another size and of about the colour of its class, as PNG. */
export function shape(name: string, random: Random): Promise<Buffer> {
  const within = (from: number, to: number): number => Math.round(from + (to - from) * random.uniform())
  const colour = COLOURS[name]!.map((value) => value + within(-35, 35))
  const ground = [0, 1, 2].map(() => within(50, 160))
  const drawn = SHAPES[name]!(within(22, 42), within(22, 42), within(20, 36))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="rgb(${ground})"/><g fill="rgb(${colour})">${drawn}</g></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Writes `folder/CLASS/N.png`, `each` of every shape; `named` gives classes other names. */
export async function putShapes(
  folder: string,
  each: number,
  seed: number,
  named: (name: string) => string = (name) => name,
): Promise<string> {
  const random = seededRandom(seed)
  for (const name of shapeNames) {
    const to = join(folder, named(name))
    mkdirSync(to, { recursive: true })
    for (let i = 0; i < each; i++) writeFileSync(join(to, `${i}.png`), await shape(name, random))
  }
  return folder
}

const put = (file: string, model: Model): string => {
  writeFileSync(file, writeModel(model))
  return file
}

/** A small convolutional network with weights drawn at random, for images of 24 × 24 and five classes. */
export const putNetwork = (file: string): string =>
  put(file, cnn({ channels: 3, size: 24, classes: 5, random: seededRandom(3), stages: [[8], [12]], hidden: 20 }))

/** A perceptron with weights drawn at random, for rows of 4 numbers and three classes. */
export const putPerceptron = (file: string): string =>
  put(file, mlp({ inputs: 4, hidden: [16, 8], classes: 3, random: seededRandom(3) }))

/** A table of columns `a` to `d` and `label`: three clusters. */
export function clustersCsv(rows: number, seed: number, names: readonly string[] = ['low', 'mid', 'high']): string {
  const random = seededRandom(seed)
  const lines = Array.from({ length: rows }, (_, i) => {
    const numbers = [0, 1, 2, 3].map((j) => (1.5 * Math.cos(2 * (i % 3) + j) + 0.4 * random.normal()).toFixed(4))
    return [...numbers, names[i % 3]].join(',')
  })
  return ['a,b,c,d,label', ...lines, ''].join('\n')
}

/** Hears what tuning says. */
export function listening(): { readonly watch: TuneWatch; readonly warnings: string[]; readonly notes: string[] } {
  const warnings: string[] = []
  const notes: string[] = []
  const watch: TuneWatch = {
    note: (text) => void notes.push(text),
    warn: (text) => void warnings.push(text),
    progress: () => undefined,
    whole: (work) => work(),
    signal: new AbortController().signal,
  }
  return { watch, warnings, notes }
}
