import { cutTo } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { builderOn, int, type Model, type ValueInfo } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Random, Tensor } from '../tensor/index.ts'
import { channelAxis } from './channel-axis.ts'
import { freeNames } from './free-names.ts'
import { type OpenNetwork, openBatch } from './open-batch.ts'
import { withOwnValues } from './own-values.ts'
import { pooled } from './pooled.ts'

/** The outputs of a network with a new head. */
export const LOGITS = 'logits'
export const EMBEDDING = 'embedding'

/** Weights of a linear head: `logits = embedding · weightᵀ + bias`. */
export interface HeadWeights {
  /** `classes × d`, float32. */
  readonly weight: Tensor
  /** `classes`, float32. */
  readonly bias: Tensor
}

/** A network whose classifier is new. */
export interface HeadedNetwork {
  /** Outputs `logits` (`N × classes`) and `embedding` (`N × d`), what the head reads. */
  readonly model: Model
  /** The names of the head's weight (`classes × d`) and bias (`classes`). */
  readonly head: readonly string[]
  /** The value that the head stands on, as it is named in `model`. */
  readonly features: string
  /** `d`: the length of an embedding. */
  readonly width: number
  /** The old outputs that were to be kept, in that order, as they are named in `model`. */
  readonly kept: readonly string[]
}

/**
 * Cuts away all that follows `features` and puts one linear layer there. Features with places (height and width, steps,
 * tokens) are averaged over these first, class tokens among the tokens. `dims` are the sizes of one row of the input where
 * the file leaves them open; what `describeNetwork` gave needs none, and is not run again. The layer starts with the
 * weights given, else with normal numbers of standard deviation 0.01 drawn from `start`, else with zeros. The old outputs
 * named in `keep` stay outputs, after the new ones. Throws `InvalidInputError` where the model has no such value or output,
 * where features are not float32 with the batch first, and where weights do not fit.
 */
export async function withHead(
  runtime: Runtime,
  model: Model | OpenNetwork,
  features: string,
  dims: readonly number[] | undefined,
  classes: number,
  start?: Random | HeadWeights,
  keep: readonly string[] = [],
): Promise<HeadedNetwork> {
  const network = 'rows' in model ? model : await openBatch(runtime, model, { dims })
  const row = network.rows.get(features)
  if (row?.type !== 'float32') {
    const got = row === undefined ? 'no value with one row for each row of the input' : row.type
    throw new InvalidInputError(`a head stands on float32 features, and "${features}" is ${got}: choose another value`)
  }
  const old = keep
    .filter((name) => name !== features)
    .map((name) => {
      const found = network.model.graph.outputs.find((output) => output.name === name)
      if (found === undefined) throw new InvalidInputError(`the model has no output "${name}" that could be kept`)
      return found
    })
  const stand: ValueInfo = { name: features, type: 'float32', dims: ['N', ...row.dims] }
  const cut = withOwnValues(cutTo(network.model, [stand, ...old]))
  const own = freeNames(cut, [LOGITS, EMBEDDING])
  const [{ name }, ...kept] = own.graph.outputs as [ValueInfo, ...ValueInfo[]]
  const axis = channelAxis(own.graph, network.input.name, name, row.dims.length + 1)
  const graph = builderOn({ ...own, graph: { ...own.graph, outputs: [] } })
  const width = row.dims[axis - 1] ?? 1
  const embedding = pooled(graph, name, row.dims.length + 1, axis)
  const { weight, bias } = headWeights(classes, width, start)
  const head = [graph.constant(weight, 'head.weight'), graph.constant(bias, 'head.bias')]
  const logits = graph.node('Gemm', [embedding, ...head], { transB: int(1) })
  graph.output(LOGITS, logits, 'float32', ['N', classes])
  graph.output(EMBEDDING, embedding, 'float32', ['N', width])
  const headed = graph.model()
  return {
    model: { ...headed, graph: { ...headed.graph, outputs: [...headed.graph.outputs, ...kept] } },
    head,
    features: name,
    width,
    kept: kept.map((output) => output.name),
  }
}

function headWeights(classes: number, width: number, start: Random | HeadWeights | undefined): HeadWeights {
  const zeros = (dims: number[], size: number): Tensor => ({ type: 'float32', dims, data: new Float32Array(size) })
  const bias = zeros([classes], classes)
  if (start === undefined) return { weight: zeros([classes, width], classes * width), bias }
  if ('weight' in start) {
    const got = [start.weight, start.bias].map(({ type, dims }) => `${type} ${dims.join(' × ')}`).join(' and ')
    const expected = `float32 ${classes} × ${width} and float32 ${classes}`
    if (got === expected) return start
    throw new InvalidInputError(`the head's weight and bias must be ${expected}, got ${got}`)
  }
  const data = Float32Array.from({ length: classes * width }, () => 0.01 * start.normal())
  return { weight: { type: 'float32', dims: [classes, width], data }, bias }
}
