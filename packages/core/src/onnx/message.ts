/** A decoded protobuf message: its known fields by name, absent where the file has none, and the bytes of all unknown ones. */
export interface Message {
  [field: string]: unknown
  /** Fields that the schema does not know, tag included, as they stood in the file. */
  $unknown?: Uint8Array[]
}

/** The numbers of a repeated field: a typed array where the file packs them, a plain one otherwise. */
export type Numbers = readonly number[] | Float32Array | Float64Array | Int32Array

/** As `Numbers`, of 64 bits. */
export type Integers = readonly bigint[] | BigInt64Array | BigUint64Array

/** The repeated message field `value`, empty where absent. */
export const messagesOf = (value: unknown): readonly Message[] => (value as readonly Message[] | undefined) ?? []

/** The repeated string field `value`, empty where absent. */
export const stringsOf = (value: unknown): readonly string[] => (value as readonly string[] | undefined) ?? []

/** The repeated bytes field `value`, empty where absent. */
export const blobsOf = (value: unknown): readonly Uint8Array[] => (value as readonly Uint8Array[] | undefined) ?? []

/** The repeated 32-bit integer or floating-point field `value`, empty where absent. */
export const numbersOf = (value: unknown): Numbers => (value as Numbers | undefined) ?? []

/** The repeated 64-bit integer field `value`, empty where absent. */
export const integersOf = (value: unknown): Integers => (value as Integers | undefined) ?? []
