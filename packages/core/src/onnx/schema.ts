import { WireType } from '@bufbuild/protobuf/wire'

/**
 * The fields of the messages in an ONNX file, by number, as the ONNX specification defines them (onnx.proto, IR
 * version 3 to 11). A field that is not here is kept as bytes and written back unchanged.
 */
export type FieldKind = NumericKind | 'string' | 'bytes' | MessageName

/** Kinds that a repeated field may pack: one length, then the bare numbers. */
export type NumericKind = 'int64' | 'int32' | 'uint64' | 'float' | 'double'

export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly repeated?: true
}

export type MessageName =
  | 'Model'
  | 'OperatorSet'
  | 'Graph'
  | 'Node'
  | 'Attribute'
  | 'Tensor'
  | 'Segment'
  | 'SparseTensor'
  | 'Entry'
  | 'ValueInfo'
  | 'Type'
  | 'TensorType'
  | 'Shape'
  | 'Dimension'
  | 'Function'

const numericWire: Readonly<Record<NumericKind, WireType>> = {
  int64: WireType.Varint,
  int32: WireType.Varint,
  uint64: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
}

export const isNumeric = (kind: FieldKind): kind is NumericKind => kind in numericWire

/** How one value of a kind stands in the file. */
export const wireTypeOf = (kind: FieldKind): WireType =>
  isNumeric(kind) ? numericWire[kind] : WireType.LengthDelimited

const one = (name: string, kind: FieldKind): Field => ({ name, kind })
const many = (name: string, kind: FieldKind): Field => ({ name, kind, repeated: true })

export const schema: Readonly<Record<MessageName, Readonly<Record<number, Field>>>> = {
  Model: {
    1: one('irVersion', 'int64'),
    2: one('producerName', 'string'),
    3: one('producerVersion', 'string'),
    4: one('domain', 'string'),
    5: one('modelVersion', 'int64'),
    6: one('docString', 'string'),
    7: one('graph', 'Graph'),
    8: many('opsetImport', 'OperatorSet'),
    14: many('metadataProps', 'Entry'),
    25: many('functions', 'Function'),
  },
  OperatorSet: { 1: one('domain', 'string'), 2: one('version', 'int64') },
  Graph: {
    1: many('node', 'Node'),
    2: one('name', 'string'),
    5: many('initializer', 'Tensor'),
    10: one('docString', 'string'),
    11: many('input', 'ValueInfo'),
    12: many('output', 'ValueInfo'),
    13: many('valueInfo', 'ValueInfo'),
    15: many('sparseInitializer', 'SparseTensor'),
  },
  Node: {
    1: many('input', 'string'),
    2: many('output', 'string'),
    3: one('name', 'string'),
    4: one('opType', 'string'),
    5: many('attribute', 'Attribute'),
    6: one('docString', 'string'),
    7: one('domain', 'string'),
    8: one('overload', 'string'),
  },
  Attribute: {
    1: one('name', 'string'),
    2: one('f', 'float'),
    3: one('i', 'int64'),
    4: one('s', 'bytes'),
    5: one('t', 'Tensor'),
    6: one('g', 'Graph'),
    7: many('floats', 'float'),
    8: many('ints', 'int64'),
    9: many('strings', 'bytes'),
    10: many('tensors', 'Tensor'),
    11: many('graphs', 'Graph'),
    20: one('type', 'int32'),
    21: one('reference', 'string'),
    22: one('sparseTensor', 'SparseTensor'),
  },
  Tensor: {
    1: many('dims', 'int64'),
    2: one('dataType', 'int32'),
    3: one('segment', 'Segment'),
    4: many('floatData', 'float'),
    5: many('int32Data', 'int32'),
    6: many('stringData', 'bytes'),
    7: many('int64Data', 'int64'),
    8: one('name', 'string'),
    9: one('rawData', 'bytes'),
    10: many('doubleData', 'double'),
    11: many('uint64Data', 'uint64'),
    12: one('docString', 'string'),
    13: many('externalData', 'Entry'),
    14: one('dataLocation', 'int32'),
  },
  Segment: { 1: one('begin', 'int64'), 2: one('end', 'int64') },
  SparseTensor: { 1: one('values', 'Tensor'), 2: one('indices', 'Tensor'), 3: many('dims', 'int64') },
  Entry: { 1: one('key', 'string'), 2: one('value', 'string') },
  ValueInfo: { 1: one('name', 'string'), 2: one('type', 'Type'), 3: one('docString', 'string') },
  Type: { 1: one('tensorType', 'TensorType'), 6: one('denotation', 'string') },
  TensorType: { 1: one('elementType', 'int32'), 2: one('shape', 'Shape') },
  Shape: { 1: many('dim', 'Dimension') },
  Dimension: { 1: one('value', 'int64'), 2: one('parameter', 'string'), 3: one('denotation', 'string') },
  Function: {
    1: one('name', 'string'),
    4: many('input', 'string'),
    5: many('output', 'string'),
    6: many('attribute', 'string'),
    7: many('node', 'Node'),
    8: one('docString', 'string'),
    9: many('opsetImport', 'OperatorSet'),
    10: one('domain', 'string'),
    11: many('attributeProto', 'Attribute'),
    13: one('overload', 'string'),
  },
}
