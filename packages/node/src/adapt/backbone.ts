import {
  describeNetwork,
  InvalidInputError,
  type Model,
  type NetworkChoice,
  pooledValues,
  type Runtime,
} from 'graft-learn'
import { batchDims, type Preprocessing, preprocessingOf } from '../images/index.ts'
import { readModelFile } from '../saved-model/model-file.ts'
import type { AdaptCall, Hooks } from './call.ts'
import { flattenedBase, flattening } from './flattened.ts'
import { pixelPreprocessing } from './pixel-preprocessing.ts'

/** A network that makes rows of features out of images. */
export interface Backbone {
  readonly file: string
  /** From images to one row of features each. */
  readonly base: Model
  readonly preprocessing: Preprocessing
  /** What methods that train a network begin with on these rows. */
  readonly network: NetworkChoice
  /** Whether the rows are pixels or places of a layer, each in the same units: no column is to be scaled by itself. */
  readonly places: boolean
}

/** Networks that start at random. */
export type UntrainedNetwork = 'lenet' | 'mlp'

export const isUntrained = (path: string): path is UntrainedNetwork => path === 'lenet' || path === 'mlp'

/** The share of blocks that stays as it is where a call does not say. */
const KEPT = 0.75

/**
 * Reads a network for folders of images. Closed-form methods, and with `--reuse all` the others too, work on its
 * features: the last values before its classifier. Else the blocks after those that are kept are trained, on what comes out
 * of these. Throws `InvalidInputError`.
 */
export async function readBackbone(
  runtime: Runtime,
  call: AdaptCall,
  networks: 'all' | 'some' | 'none',
  hooks: Pick<Hooks, 'warn' | 'note'>,
): Promise<Backbone> {
  const path = call.backbone!
  if (isUntrained(path)) {
    if (networks !== 'all') throw notTrained(path)
    if (call.reuse !== undefined) {
      throw new InvalidInputError(
        `--reuse ${call.reuse}: ${path} starts from random weights, so that no block of it is kept; leave --reuse out`,
      )
    }
    const preprocessing = pixelPreprocessing(call)
    const base = flattening(batchDims(preprocessing, 1).slice(1))
    return { file: path, base, preprocessing, network: { kind: path }, places: true }
  }
  const { file, model } = await readModelFile(path)
  const preprocessing = await preprocessingOf(file, model, call, hooks)
  const described = await describeNetwork(runtime, model, { dims: batchDims(preprocessing, 1).slice(1) })
  const kept = keptBlocks(call.reuse, described.blocks.length, networks)
  if (kept === described.blocks.length) {
    const { model: base } = pooledValues(described, [described.features])
    return { file, base, preprocessing, network: { kind: 'mlp' }, places: false }
  }
  hooks.note(`${path}: ${kept} of ${described.blocks.length} blocks stay as they are, the rest is trained`)
  const cut = kept === 0 ? undefined : described.blocks[kept - 1]!
  const { base, rest, dims } = flattenedBase(described, cut?.output)
  const network: NetworkChoice = { kind: 'pretrained', model: rest, dims, features: described.features }
  return { file, base, preprocessing, network, places: true }
}

export const notTrained = (path: string): InvalidInputError =>
  new InvalidInputError(
    `--backbone ${path} is not trained, and some method of this call trains no network: give a pretrained network, --backbone F.onnx, or only methods of the deep family ("graft methods")`,
  )

function keptBlocks(reuse: string | undefined, blocks: number, networks: 'all' | 'some' | 'none'): number {
  if (reuse === 'all') return blocks
  if (reuse === undefined) return networks === 'all' ? Math.max(1, Math.round(KEPT * blocks)) : blocks
  const kept = Number(reuse)
  if (!(reuse.trim() !== '' && Number.isInteger(kept) && kept >= 0 && kept <= blocks)) {
    throw new InvalidInputError(
      `--reuse ${reuse}: expected a number of blocks from 0 to ${blocks} ("graft inspect" lists them), or all`,
    )
  }
  if (kept === blocks || networks === 'all') return kept
  throw new InvalidInputError(
    `--reuse ${reuse}: a method of this call trains no network and works on features: take --reuse all, or methods of the deep family alone`,
  )
}
