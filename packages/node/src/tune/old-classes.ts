import { InvalidInputError, type Network } from 'graft-learn'
import type { ModelFile } from '../saved-model/index.ts'

/** The names of the classes that the network told apart before: its own, or numbers. */
export function oldClassesOf({ model, file }: ModelFile, { outputs, features }: Network): readonly string[] {
  const names: unknown = JSON.parse(model.metadata['graft.classes'] ?? 'null')
  if (Array.isArray(names)) return names.map(String)
  const head = outputs.find(({ name, dims }) => name !== features && dims.length === 1 && dims[0]! > 1)
  if (head !== undefined) return Array.from({ length: head.dims[0]! }, (_, i) => `${i}`)
  throw new InvalidInputError('--remember needs the classifier that the network came with, and it has none', { file })
}
