import { type Classifier, describeSetting, type Method } from 'graft-learn'
import { z } from 'zod'

/** One setting, as told by its schema. */
export interface OptionDescription {
  readonly default: unknown
  /** `number`, `integer`, `string`, `boolean`, or several with `|` between them. */
  readonly type: string
  readonly description: string
  /** What the value may be and what it is by default, in words. */
  readonly allowed: string
  /** What the schema says beyond the type. */
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly enum?: readonly unknown[]
}

export type OptionDescriptions = Readonly<Record<string, OptionDescription>>

export interface MethodDescription
  extends Pick<Method, 'id' | 'name' | 'family' | 'paper' | 'needs' | 'summary' | 'cost'> {
  readonly options: OptionDescriptions
}

export interface ClassifierDescription extends Pick<Classifier, 'id' | 'name' | 'summary'> {
  readonly options: OptionDescriptions
}

/** A method as data: what `graft methods --json` prints. */
export const describeMethod = (method: Method): MethodDescription => ({
  id: method.id,
  name: method.name,
  family: method.family,
  paper: method.paper,
  needs: method.needs,
  summary: method.summary,
  cost: method.cost,
  options: describeOptions(method.options),
})

/** A classifier as data. */
export const describeClassifier = ({ id, name, summary, options }: Classifier): ClassifierDescription => ({
  id,
  name,
  summary,
  options: describeOptions(options),
})

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The settings of a schema by name, each with default, type, range and description. */
export function describeOptions(options: z.ZodObject): OptionDescriptions {
  const { properties = {} } = z.toJSONSchema(options, { unrepresentable: 'any' }) as JsonSchema
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { ...describeOption(schema as JsonSchema), allowed: describeSetting(options, name) },
    ]),
  )
}

function describeOption(schema: JsonSchema): Omit<OptionDescription, 'allowed'> {
  const parts = alternatives(schema)
  const choices = parts.flatMap((part) => (part.const !== undefined ? [part.const] : (part.enum ?? [])))
  const numeric = parts.find((part) => part.type === 'number' || part.type === 'integer')
  return {
    default: schema.default ?? null,
    type: [...new Set(parts.map((part) => part.type ?? 'any'))].join('|'),
    description: schema.description ?? '',
    ...(numeric === undefined ? {} : rangeOf(numeric)),
    ...(choices.length === 0 ? {} : { enum: choices }),
  }
}

const alternatives = (schema: JsonSchema): JsonSchema[] =>
  schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((part) => alternatives(part as JsonSchema))

/** The bounds that a person set: those of safe integers go without saying. */
function rangeOf(schema: JsonSchema): Partial<OptionDescription> {
  const bounds = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'] as const
  return Object.fromEntries(
    bounds
      .map((bound) => [bound, schema[bound]] as const)
      .filter(([, value]) => typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER),
  )
}
