import { codeOfType, typeOfCode } from './element-types.ts'
import { type Message, messagesOf } from './message.ts'
import type { Dimension, ValueInfo } from './model.ts'

/** Reads a ValueInfoProto. */
export function readValueInfo(message: Message): ValueInfo {
  const { name, ...rest } = message
  const tensorType = (message.type as Message | undefined)?.tensorType as Message | undefined
  const code = (tensorType?.elementType as number | undefined) ?? 0
  const shape = tensorType?.shape as Message | undefined
  return {
    name: (name as string | undefined) ?? '',
    ...(code === 0 ? {} : { type: typeOfCode(code) }),
    ...(shape === undefined ? {} : { dims: messagesOf(shape.dim).map(readDimension) }),
    rest,
  }
}

/** Some exporters write −1 for a size that varies. */
const readDimension = (dim: Message): Dimension => {
  if (dim.value === undefined) return (dim.parameter as string | undefined) ?? null
  return (dim.value as bigint) < 0n ? null : Number(dim.value)
}

/** Writes a ValueInfoProto: type and shape as they stand in `value`, what else the file said as it was. */
export function valueInfoMessage(value: ValueInfo): Message {
  const type = typeMessage(value, value.rest?.type as Message | undefined)
  const { type: _, ...rest } = value.rest ?? {}
  return { ...rest, name: value.name, ...(type === undefined ? {} : { type }) }
}

function typeMessage(value: ValueInfo, read: Message | undefined): Message | undefined {
  const { tensorType, ...rest } = read ?? {}
  const former = tensorType as Message | undefined
  const elementType =
    value.type === undefined ? undefined : value.type === 'packed' ? former?.elementType : codeOfType(value.type)
  if (elementType === undefined && value.dims === undefined) return read === undefined ? undefined : rest
  const shape = shapeMessage(value.dims, former?.shape as Message | undefined)
  return {
    ...rest,
    tensorType: {
      ...former,
      elementType,
      shape,
    },
  }
}

function shapeMessage(dims: readonly Dimension[] | undefined, read: Message | undefined): Message | undefined {
  if (dims === undefined) return undefined
  const former = messagesOf(read?.dim)
  return {
    ...read,
    dim: dims.map((dim, i) => {
      const before = former[i]
      return before !== undefined && readDimension(before) === dim ? before : dimensionMessage(dim)
    }),
  }
}

const dimensionMessage = (dim: Dimension): Message =>
  typeof dim === 'number' ? { value: BigInt(dim) } : typeof dim === 'string' ? { parameter: dim } : {}
