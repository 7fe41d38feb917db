import { mmd } from '../../../metrics/index.ts'
import type { Random } from '../../../tensor/index.ts'
import type { DeepSetup } from '../deep-method.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import type { DeepRows } from '../trainer/deep-problem.ts'
import { networkOutputs } from '../trainer/network-outputs.ts'
import { withAdaptationLayer } from './adaptation-layer.ts'

/** Where the adaptation layer is, and how wide: numbers, or to be found by the discrepancy. */
export interface Adaptation {
  /** The hidden layer, counted from 1. */
  readonly place: number | 'auto'
  /** Units of a layer that is put on that one; 0 for none. */
  readonly width: number | 'auto'
  /** Epochs of source-only training before a discrepancy is measured. */
  readonly searchEpochs: number
}

export interface FoundAdaptation {
  readonly network: DeepNetwork
  /** The layer to align, counted from 0. */
  readonly layer: number
  readonly facts: Readonly<Record<string, number>>
}

/** Widths to choose from: a factor of 2 apart, as in the paper, whose range goes on to 4096. */
const WIDTHS = [64, 128, 256, 512]

/** Rows of each domain that discrepancies are measured on. */
const ROWS = 500

/**
 * Finds the adaptation layer as Tzeng 2014 does: of the hidden layers of a network trained on the source
 * alone the one where the domains' maximum mean discrepancy is least, and of several widths of a layer on it likewise.
 * Layers of different widths are compared by a Gaussian kernel at the median distance, which knows no scale.
 */
export async function findAdaptation(setup: DeepSetup, adaptation: Adaptation): Promise<FoundAdaptation> {
  const { network } = setup
  const { searchEpochs } = adaptation
  const facts: Record<string, number> = {}
  let place = adaptation.place
  if (place === 'auto') {
    place = 1
    if (network.layers.length > 1) {
      const all = network.layers.map((_, i) => i)
      const found = await discrepanciesOf(setup, network, all, { searchEpochs, name: 'place' })
      place = 1 + leastOf(found)
      found.forEach((value, i) => {
        facts[`mmd of layer ${i + 1}`] = value
      })
    }
  }
  const on = Math.min(place, network.layers.length) - 1
  facts.place = on + 1
  const widened = (width: number) =>
    withAdaptationLayer(network, { on, width, random: setup.random.fork(`width ${width}`) })
  let { width } = adaptation
  if (width === 0) return { network, layer: on, facts }
  if (width === 'auto') {
    const found: number[] = []
    for (const each of WIDTHS) {
      const options = { searchEpochs, name: `width ${each}` }
      found.push((await discrepanciesOf(setup, widened(each), [on + 1], options))[0]!)
      facts[`mmd of width ${each}`] = found.at(-1)!
    }
    width = WIDTHS[leastOf(found)]!
  }
  return { network: widened(width), layer: on + 1, facts: { ...facts, width } }
}

/** The discrepancy of some layers after training on the source alone. */
async function discrepanciesOf(
  { runtime, problem, random, train }: DeepSetup,
  network: DeepNetwork,
  layers: readonly number[],
  { searchEpochs, name }: { readonly searchEpochs: number; readonly name: string },
): Promise<number[]> {
  const { weights } = await train({ name, network, stages: [{ name, uses: 'source', epochs: searchEpochs }] })
  const outputs = networkOutputs(runtime, network, problem)(weights)
  const valuesOf = (rows: DeepRows, part: string) => outputs.on(rows, sample(rows, random.fork(part)))
  const source = await valuesOf(problem.sources[0]!, 'search source')
  const target = await valuesOf(problem.target, 'search target')
  const found: number[] = []
  for (const layer of layers) found.push(await mmd(source.layers[layer]!, target.layers[layer]!, { runtime, random }))
  return found
}

const sample = ({ rows }: DeepRows, random: Random): Int32Array => random.permutation(rows).slice(0, ROWS)

const leastOf = (values: readonly number[]): number => values.indexOf(Math.min(...values))
