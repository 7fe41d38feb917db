import { InvalidInputError } from '../errors.ts'
import { type Message, messagesOf } from './message.ts'

/**
 * Reads the bytes of a tensor that the file keeps elsewhere: `length` bytes (all that follow where undefined) from
 * `offset` of the file `location`, a path relative to the model's own folder that never leaves it. What it throws, and
 * too few bytes, become an `InvalidInputError` that names the tensor.
 */
export type ExternalData = (location: string, offset: number, length: number | undefined) => Uint8Array

/** The bytes of a tensor that the file keeps elsewhere; `expected` is what its type and shape ask for. */
export function readExternal(
  message: Message,
  name: string,
  expected: number | undefined,
  external: ExternalData | undefined,
): Uint8Array {
  const entries = new Map(messagesOf(message.externalData).map((e) => [e.key, e.value as string | undefined]))
  const location = entries.get('location')
  if (location === undefined || external === undefined) {
    throw new InvalidInputError(
      `tensor "${name}" keeps its data in another file (${location ?? 'unnamed'}), which was not given: keep that file beside the model`,
    )
  }
  if (leavesFolder(location)) {
    throw new InvalidInputError(
      `tensor "${name}" refers to "${location}", outside the model's own folder: a file beside the model is expected`,
    )
  }
  const offset = count(entries.get('offset') ?? '0', 'offset', name)
  const stated = entries.get('length')
  const length = stated === undefined ? expected : count(stated, 'length', name)
  if (expected !== undefined && length !== expected) {
    throw new InvalidInputError(
      `tensor "${name}" needs ${expected} bytes, the model says that "${location}" has ${length} for it: the model is damaged`,
    )
  }
  const bytes = call(external, location, offset, length, name)
  if (length !== undefined && bytes.length !== length) {
    throw new InvalidInputError(
      `tensor "${name}" needs ${length} bytes from ${offset} of "${location}", which gave ${bytes.length}: that file is cut short or not this model's`,
    )
  }
  return bytes
}

function call(external: ExternalData, location: string, offset: number, length: number | undefined, name: string) {
  try {
    return external(location, offset, length)
  } catch (error) {
    if (error instanceof InvalidInputError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new InvalidInputError(`tensor "${name}": cannot read its data from "${location}" (${reason})`)
  }
}

const leavesFolder = (location: string): boolean =>
  /^([a-z]:|[/\\])/i.test(location) || location.split(/[/\\]/).includes('..')

function count(text: string, what: string, name: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) {
    throw new InvalidInputError(
      `tensor "${name}" has ${what} "${text}" in its external data: a whole number is expected`,
    )
  }
  return value
}
