/** A transfer of digits as files of plain numbers, which either side of a benchmark reads alike. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes both domains: `NAME.pixels` (float32, row by row) and `NAME.labels` (bytes). */
export function writeDigits(folder, domains) {
  for (const [name, { features, labels }] of Object.entries(domains)) {
    writeFileSync(join(folder, `${name}.pixels`), new Uint8Array(Float32Array.from(features).buffer))
    writeFileSync(join(folder, `${name}.labels`), Uint8Array.from(labels))
  }
}

/** Reads one domain: `{ rows, columns, features, labels }`. */
export function readDigits(folder, name) {
  const pixels = new Uint8Array(readFileSync(join(folder, `${name}.pixels`)))
  const labels = Int32Array.from(readFileSync(join(folder, `${name}.labels`)))
  const features = Float64Array.from(new Float32Array(pixels.buffer))
  return { rows: labels.length, columns: features.length / labels.length, features, labels }
}
