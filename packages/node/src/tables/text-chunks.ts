import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { InvalidInputError } from 'graft-learn'

/**
 * The text of a file, in pieces, unpacked where its name ends in `.gz`, without a byte order mark. Throws
 * `InvalidInputError` for bytes that are not UTF-8 (with the line) and for a damaged gzip file.
 */
export async function* textChunks(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for await (const bytes of byteChunks(file)) {
    const text = decode(decoder, bytes, file, line)
    line += countLines(text)
    yield text
  }
  const rest = decode(decoder, undefined, file, line)
  if (rest !== '') yield rest
}

/** The lines of a file, numbered from 1, without their line ends (`\n` or `\r\n`). */
export async function* textLines(file: string): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  let line = 0
  let rest = ''
  for await (const chunk of textChunks(file)) {
    const parts = chunk.split('\n')
    parts[0] = rest + parts[0]
    rest = parts.pop()!
    for (const text of parts) yield { line: ++line, text: text.endsWith('\r') ? text.slice(0, -1) : text }
  }
  if (rest !== '') yield { line: line + 1, text: rest }
}

async function* byteChunks(file: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 })
  if (!file.toLowerCase().endsWith('.gz')) {
    yield* source
    return
  }
  const unpacked = createGunzip({ chunkSize: 1 << 20 })
  source.on('error', (error) => unpacked.destroy(error))
  try {
    yield* source.pipe(unpacked)
  } catch {
    throw new InvalidInputError('the gzip file is damaged or cut short: fetch or pack it again', { file })
  } finally {
    source.destroy()
  }
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array | undefined,
  file: string,
  line: number,
): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    const before = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\ufffd')[0]!
    throw new InvalidInputError(`the text is not UTF-8 on line ${line + countLines(before)}: save the file as UTF-8`, {
      file,
    })
  }
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}
