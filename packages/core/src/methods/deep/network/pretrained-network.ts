import { exposeParameters, parametersOf } from '../../../autodiff/index.ts'
import { describeNetwork, EMBEDDING, LOGITS, pooledValues } from '../../../networks/index.ts'
import { builderOn, int, type Model, upgradeModel } from '../../../onnx/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import type { Random } from '../../../tensor/index.ts'
import type { DeepNetwork, HiddenLayer, ParameterKind } from './deep-network.ts'
import { freshDense } from './fresh-dense.ts'

export interface PretrainedNetworkOptions {
  /** The sizes of one row of the model's input. */
  readonly dims: readonly number[]
  readonly outputs: number
  /** The value to stand on; default: the one that `describeNetwork` suggests. */
  readonly features?: string
  /** Units of the layer below the head; 0 for none. */
  readonly bottleneck: number
  readonly random: Random
}

/** A pretrained network up to its features (averaged over places), a bottleneck of rectified units and a new head. */
export async function pretrainedNetwork(
  runtime: Runtime,
  pretrained: Model,
  { dims, outputs, features, bottleneck, random }: PretrainedNetworkOptions,
): Promise<DeepNetwork> {
  const described = await describeNetwork(runtime, pretrained, { dims, features })
  const { model: pooled } = pooledValues(described, [described.features])
  const base = upgradeModel(exposeParameters(pooled))
  const [stand] = base.graph.outputs
  const backbone = parametersOf(base, [stand!.name]).filter((name) => base.graph.initializers.has(name))
  const width = Number(stand!.dims!.at(-1))
  const graph = builderOn({ ...base, graph: { ...base.graph, outputs: [] } })
  const layers: HiddenLayer[] = [{ value: stand!.name, width }]
  const fresh = new Map<string, ParameterKind>()
  const dense = (name: string, x: string, inputs: number, units: number, kind: ParameterKind) => {
    const parts = freshDense(graph, name, [units, inputs], random)
    for (const part of parts) fresh.set(part, kind)
    return { parts, value: graph.node('Gemm', [x, ...parts], { transB: int(1) }) }
  }
  let at = layers[0]!
  if (bottleneck > 0) {
    const { value } = dense('bottleneck', at.value, at.width, bottleneck, 'body')
    at = { value: graph.node('Relu', [value]), width: bottleneck }
    layers.push(at)
  }
  const head = dense('classifier', at.value, at.width, outputs, 'head')
  graph.output(LOGITS, head.value, 'float32', ['N', outputs])
  graph.output(EMBEDDING, at.value, 'float32', ['N', at.width])
  return {
    model: graph.model(),
    input: base.graph.inputs[0]!.name,
    dims,
    layers,
    outputs,
    parameters: new Map([...backbone.map((name): [string, ParameterKind] => [name, 'backbone']), ...fresh]),
    head: { weight: head.parts[0], bias: head.parts[1] },
    fresh: false,
  }
}
