import { type GraphBuilder, int, type Stage, type Value } from '../../../onnx/index.ts'
import { matrixTensor, vectorTensor } from '../../../tensor/index.ts'
import type { Denoiser } from './denoiser.ts'

/** One layer: `tanh(x P + c)`, `N × d` to `N × r`. */
export const layerStage = (denoiser: Denoiser): Stage => ({
  kind: denoiser.left === undefined ? 'denoising layer' : 'denoising layer of two factors',
  parameters: layerParameters(denoiser, ''),
  build: (graph, input, parameters) => layer(graph, input, parameters, ''),
})

/** The features and all layers beside each other, `[x, h₁, …, h_l]`, each layer being that of the one before. */
export const stackedLayersStage = (layers: readonly Denoiser[]): Stage => ({
  kind: `denoising layers: ${layers.map(({ left }) => (left === undefined ? 1 : 2)).join()}`,
  parameters: Object.fromEntries(layers.flatMap((denoiser, i) => Object.entries(layerParameters(denoiser, ` ${i}`)))),
  build: (graph, input, parameters) => {
    const parts = [input]
    for (let i = 0; i < layers.length; i++) parts.push(layer(graph, parts.at(-1)!, parameters, ` ${i}`))
    return graph.node('Concat', parts, { axis: int(1) })
  },
})

const layerParameters = ({ left, projection, constant }: Denoiser, suffix: string): Stage['parameters'] => ({
  ...(left === undefined ? {} : { [`left${suffix}`]: matrixTensor(left) }),
  [`projection${suffix}`]: matrixTensor(projection),
  [`constant${suffix}`]: vectorTensor(constant),
})

function layer(graph: GraphBuilder, input: Value, parameters: Readonly<Record<string, Value>>, suffix: string): Value {
  const left = parameters[`left${suffix}`]
  const x = left === undefined ? input : graph.node('MatMul', [input, left])
  return graph.node('Tanh', [
    graph.node('Gemm', [x, parameters[`projection${suffix}`]!, parameters[`constant${suffix}`]!]),
  ])
}
