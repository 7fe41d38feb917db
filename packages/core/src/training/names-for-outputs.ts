import type { GraphWriter, TypedValue } from '../autodiff/index.ts'

/**
 * Gives what a graph computes the names that its outputs are to have. What the writer computed takes the name itself
 * (`nameOf`, for all that it wrote); a value that has a name from elsewhere, or one already, is copied.
 */
export function namesForOutputs(writer: GraphWriter): {
  readonly named: (name: string, value: TypedValue) => TypedValue
  readonly nameOf: (name: string) => string
} {
  const written = new Set(writer.nodes.flatMap(({ outputs }) => outputs))
  const names = new Map<string, string>()
  return {
    named(name, { name: source, ...form }) {
      if (written.has(source) && !names.has(source)) names.set(source, name)
      else writer.append({ op: 'Identity', domain: '', name, inputs: [source], outputs: [name], attributes: {} })
      return { ...form, name }
    },
    nameOf: (name) => names.get(name) ?? name,
  }
}
