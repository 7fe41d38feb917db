import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import { unknownName } from './nearest-name.ts'

/**
 * Settings with their defaults filled in. `owner` names whose they are ("method \"jda\""). Throws `InvalidInputError`
 * that names the setting, what was got and what is allowed.
 */
export function parseSettings<Options extends z.ZodObject>(
  owner: string,
  schema: Options,
  given: Readonly<Record<string, unknown>>,
): z.output<Options> {
  const allowed = Object.keys(schema.shape)
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name)) throw new InvalidInputError(unknownName(`setting of ${owner}`, name, allowed))
  }
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const name = String(issue.path[0] ?? '')
  const got = JSON.stringify(given[name])
  throw new InvalidInputError(
    `setting "${name}" of ${owner} is ${got}: ${issue.message}; allowed is ${describeSetting(schema, name)}`,
  )
}

/** What a setting may be, in words: its type, its range or its choices, and its default. */
export function describeSetting(schema: z.ZodObject, name: string): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties?.[name] as JsonSchema
  const choices = json.anyOf ?? [json]
  const words = choices.map(describeChoice).join(' or ')
  return json.default === undefined ? words : `${words} (default ${JSON.stringify(json.default)})`
}

interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly default?: unknown
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
}

function describeChoice(json: JsonSchema): string {
  if (json.enum !== undefined) return json.enum.map((value) => JSON.stringify(value)).join(', ')
  if (json.const !== undefined) return JSON.stringify(json.const)
  const unbounded = (limit: number | undefined) => limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER
  const bounds = [
    unbounded(json.minimum) ? undefined : `at least ${json.minimum}`,
    unbounded(json.exclusiveMinimum) ? undefined : `above ${json.exclusiveMinimum}`,
    unbounded(json.maximum) ? undefined : `at most ${json.maximum}`,
    unbounded(json.exclusiveMaximum) ? undefined : `below ${json.exclusiveMaximum}`,
  ].filter((bound) => bound !== undefined)
  return [json.type ?? 'any value', ...bounds].join(', ')
}
