import type { Model } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import { type Matrix, matrix, type Random, stackRows, tensor } from '../../../tensor/index.ts'
import { type GaussianKernelOptions, kernelStatistics, kernelWeights } from '../losses/index.ts'
import type { DeepRows } from '../trainer/deep-problem.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import type { NetworkOutputs, NetworkValues } from '../trainer/network-outputs.ts'
import { lossModel } from './loss-model.ts'

/** Rows of each domain that kernels are weighed by. */
const ROWS = 1024

export interface KernelRenewal {
  readonly runtime: Runtime
  readonly random: Random
  readonly kernels: GaussianKernelOptions & { readonly factors: readonly number[] }
  /** The layers to weigh kernels for. */
  readonly layersOf: (values: NetworkValues) => readonly Matrix[]
}

/**
 * Weighs the kernels of each layer by DAN's quadratic program (`kernelWeights`) on rows of both domains, anew in each
 * epoch, by the network as it is at the epoch's first step: for each layer a list of weights (`m`) that are not
 * negative and have the sum 1.
 */
export function kernelRenewal({ runtime, random, kernels, layersOf }: KernelRenewal) {
  const model = statisticsModel(kernels)
  const count = kernels.factors.length
  const weighed = async ({ epoch, network }: Pick<DeepMoment, 'epoch' | 'network'>): Promise<Float64Array[]> => {
    const stream = random.fork(`epoch ${epoch}`)
    const source = layersOf(await sourceValues(network, stream))
    const target = layersOf(await network.on(network.problem.target, sample(network.problem.target, ROWS, stream)))
    const found: Float64Array[] = []
    for (const [i, rows] of source.entries()) {
      found.push(await weightsOf({ source: single(rows), target: single(target[i]!) }))
    }
    return found
  }
  const weightsOf = async (rows: Tensors): Promise<Float64Array> => {
    // The variance needs two quadruples.
    if (Math.min(...Object.values(rows).map(({ dims }) => dims[0]!)) < 4) return new Float64Array(count).fill(1 / count)
    const { statistics } = await runtime.run(model, rows)
    const terms = Float64Array.from(statistics!.data as Float32Array)
    return kernelWeights(matrix(terms.length / count, count, terms))
  }
  let held: { readonly epoch: number; readonly weights: Promise<Float64Array[]> } | undefined
  return (moment: Pick<DeepMoment, 'epoch' | 'step' | 'network'>): Promise<Float64Array[]> => {
    if (held?.epoch !== moment.epoch || moment.step === 0) held = { epoch: moment.epoch, weights: weighed(moment) }
    return held.weights
  }
}

/** The terms of the linear-time estimates as a graph of its own, `p × m`. */
const statisticsModel = (kernels: GaussianKernelOptions): Model =>
  lossModel('kernel-statistics', (graph) => {
    const [source, target] = ['source', 'target'].map((name) => graph.input(name, 'float32', [name, 'd']))
    graph.output('statistics', kernelStatistics(graph, source!, target!, kernels), 'float32', ['p', 'm'])
  })

/** Of each source its part. */
async function sourceValues(network: NetworkOutputs, random: Random): Promise<NetworkValues> {
  const { sources } = network.problem
  const parts: NetworkValues[] = []
  for (const [i, source] of sources.entries()) {
    parts.push(await network.on(source, sample(source, Math.ceil(ROWS / sources.length), random.fork(`${i}`))))
  }
  const stacked = (of: (part: NetworkValues) => Matrix) => stackRows(parts.map(of))
  return {
    logits: stacked(({ logits }) => logits),
    layers: parts[0]!.layers.map((_, l) => stacked(({ layers }) => layers[l]!)),
    features: stacked(({ features }) => features),
  }
}

/**
 * Some rows in random pairs. Pairs are drawn among rows sorted by their numbers, so that of a domain that is taken
 * whole they do not depend on the order of its rows.
 */
function sample({ rows, features, data }: DeepRows, most: number, random: Random): Int32Array {
  const stream = random.fork('rows')
  const sorted = stream
    .permutation(rows)
    .slice(0, most)
    .sort((a, b) => {
      for (let j = 0; j < features; j++) {
        const difference = data[a * features + j]! - data[b * features + j]!
        if (difference !== 0) return difference
      }
      return 0
    })
  return stream.permutation(sorted.length).map((place) => sorted[place]!)
}

const single = ({ rows, columns, data }: Matrix) => tensor('float32', [rows, columns], Float32Array.from(data))
