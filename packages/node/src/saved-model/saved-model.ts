import { InvalidInputError, type ValueInfo } from 'graft-learn'
import type { ModelFile } from './model-file.ts'

/** A model of rows of features: one that Graft saved, or any other with the same input and outputs. */
export interface SavedModel {
  readonly file: string
  readonly bytes: Uint8Array
  /** Name of the input. */
  readonly input: string
  readonly inputType: 'float32' | 'float64'
  /** How many features a row has; null where the file leaves it open. */
  readonly features: number | null
  /** Their names; null where the model was fitted on unnamed columns. */
  readonly columns: readonly string[] | null
  /** What the first feature is numbered in svmlight files; null where the model was fitted on none. */
  readonly firstIndex: 0 | 1 | null
  /** Class names; null where the file names none. */
  readonly classes: readonly string[] | null
  /** Whether it gives class names by itself, in the output `label`. */
  readonly hasLabels: boolean
  /** What it predicts: classes, or numbers in the output `value`. */
  readonly task: 'classification' | 'regression'
}

/**
 * Checks that a model takes rows of `features` and gives `probabilities` or, in regression, `value`. Throws `InvalidInputError` with the inputs or
 * outputs that it has instead.
 */
export function savedModel({ file, bytes, model }: ModelFile): SavedModel {
  const { inputs, outputs, initializers } = model.graph
  const given = inputs.filter((input) => !initializers.has(input.name))
  // Networks that were tuned on tables keep the name of their input; they say by whom they were written.
  const tuned = model.metadata['graft.method']?.startsWith('tune/') === true
  const input = tuned ? given[0] : given.find(({ name }) => name === 'features')
  const rank = input?.dims?.length ?? 2
  if (input === undefined || given.length > 1 || rank !== 2 || (input.type !== 'float32' && input.type !== 'float64')) {
    throw new InvalidInputError(
      `it must have one input, "features" (rows × features, float32 or float64), got ${listed(given)}: ` +
        'give a model that "graft adapt" or "graft tune" wrote',
      { file },
    )
  }
  const has = (output: string) => outputs.some(({ name }) => name === output)
  if (!has('probabilities') && !has('value')) {
    throw new InvalidInputError(
      `it must have an output "probabilities" (rows × classes) or "value" (rows), got ${listed(outputs)}: give a model that "graft adapt" wrote`,
      { file },
    )
  }
  const width = input.dims?.[1]
  return {
    file,
    bytes,
    input: input.name,
    inputType: input.type,
    features: typeof width === 'number' ? width : null,
    columns: namesIn(model.metadata['graft.features']),
    firstIndex:
      model.metadata['graft.firstIndex'] === undefined ? null : model.metadata['graft.firstIndex'] === '0' ? 0 : 1,
    classes: namesIn(model.metadata['graft.classes']),
    task: has('probabilities') ? 'classification' : 'regression',
    hasLabels: outputs.some(({ name, type }) => name === 'label' && type === 'string'),
  }
}

/** The names that a metadata entry lists; null where it lists none. */
export function namesIn(json: string | undefined): readonly string[] | null {
  try {
    const names: unknown = JSON.parse(json ?? 'null')
    return Array.isArray(names) ? names.map(String) : null
  } catch {
    return null
  }
}

const listed = (values: readonly ValueInfo[]): string =>
  values.length === 0
    ? 'none'
    : values
        .map(
          ({ name, type, dims }) =>
            `"${name}" (${type ?? 'no tensor'} [${dims?.map((dim) => dim ?? '?').join(', ') ?? '?'}])`,
        )
        .join(', ')
