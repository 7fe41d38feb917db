import type { ElementType } from '../../tensor/index.ts'
import { typeOfCode } from '../element-types.ts'
import type { Graph, Node } from '../model.ts'
import { constantOf } from './constants.ts'
import type { Scope } from './scope.ts'

/** The type of a node's first output; `typeOf(i)` is the type of its input `i`. */
type Rule = (node: Node, typeOf: (input: number) => ElementType | undefined) => ElementType | undefined

const always =
  (type: ElementType): Rule =>
  () =>
    type
const ofInput =
  (input: number): Rule =>
  (_, typeOf) =>
    typeOf(input)

/** The type that an attribute names by ONNX's number; where it is absent, that of `otherwise`. */
const named =
  (attribute: string, otherwise: Rule): Rule =>
  (node, typeOf) => {
    const code = node.attributes[attribute]
    return code?.type === 'int' ? typeOfCode(Number(code.value)) : otherwise(node, typeOf)
  }

const nothing: Rule = () => undefined
const each = (ops: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(ops.split(' ').map((op) => [op, rule]))

/** ONNX's own operators whose first output is not of the type of their first input. */
const rules: Readonly<Record<string, Rule>> = {
  ...each('Shape Size ArgMax ArgMin NonZero NonMaxSuppression SequenceLength', always('int64')),
  ...each('Equal Greater Less GreaterOrEqual LessOrEqual IsNaN IsInf OptionalHasElement', always('bool')),
  ...each('MatMulInteger ConvInteger', always('int32')),
  ...each('QLinearConv QLinearMatMul', ofInput(7)),
  ...each('CastLike Where', ofInput(1)),
  ...each('EyeLike RandomNormalLike RandomUniformLike Bernoulli', named('dtype', ofInput(0))),
  ...each('RandomNormal RandomUniform', named('dtype', always('float32'))),
  ...each('HannWindow HammingWindow BlackmanWindow MelWeightMatrix', named('output_datatype', always('float32'))),
  ...each('SequenceMap Optional OptionalGetElement', nothing),
  Cast: named('to', nothing),
  Multinomial: named('dtype', always('int32')),
  OneHot: ofInput(2),
  QuantizeLinear: (node, typeOf) => ((node.inputs[2] ?? '') === '' ? 'uint8' : typeOf(2)),
  DequantizeLinear: ofInput(1),
  DynamicQuantizeLinear: always('uint8'),
  TfIdfVectorizer: always('float32'),
  Constant: (node) => constantOf(node)?.type,
  ConstantOfShape: ({ attributes: { value } }) => (value?.type === 'tensor' ? value.value.type : 'float32'),
}

/** Operators all of whose outputs are of one type. */
const uniform = new Set(['Split', 'LSTM', 'GRU', 'RNN'])

/** Operators with subgraphs: the attribute, and how many of its outputs come before those of the node. */
const bodies: Readonly<Record<string, readonly [attribute: string, skipped: number]>> = {
  If: ['then_branch', 0],
  Loop: ['body', 1],
  Scan: ['body', 0],
}

/** The types of a node's outputs, undefined where they are not known. */
export function outputTypes(node: Node, known: Scope): readonly (ElementType | undefined)[] {
  if (node.domain !== '') return []
  const body = bodies[node.op]
  if (body !== undefined) {
    const graph = node.attributes[body[0]]?.value as Graph | undefined
    return graph?.outputs.slice(body[1]).map(({ type }) => type) ?? []
  }
  const first = (rules[node.op] ?? ofInput(0))(node, (input) => known.find(node.inputs[input]).type)
  return uniform.has(node.op) ? node.outputs.map(() => first) : [first]
}
