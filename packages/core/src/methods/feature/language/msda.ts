import { z } from 'zod'
import { applyStages, type Runtime } from '../../../runtime/index.ts'
import { type Matrix, sliceRows, stackRows } from '../../../tensor/index.ts'
import { finishTransfer } from '../../feature-transfer.ts'
import { requireMemory } from '../../memory.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem } from '../../rows.ts'
import { besideEachOther } from './columns.ts'
import { type Denoiser, denoiser, denoiserOfFewRows } from './denoiser.ts'
import { denoiserInParts } from './denoiser-in-parts.ts'
import { layerStage, stackedLayersStage } from './denoising-stages.ts'
import { momentsOf } from './moments.ts'

/**
 * Marginalised stacked denoising autoencoders (Chen 2012). A layer is the linear map that best gives back rows of both
 * domains of which random features were set to 0, in closed form over all ways to do so (see `denoiser`), and a tanh; the
 * next layer takes what comes out. Words that occur only in one domain are so told by those that occur in both. The
 * classifier sees the features and all layers beside each other, `d + layers · r` columns.
 *
 * With many features, only the `features` most frequent ones (`r`) are given back, from parts of `partSize` features at a
 * time, whose results are averaged (section 3.3); later layers have `r` features. Frequent: above 0 in most rows.
 */
export const msda = defineMethod({
  id: 'msda',
  name: 'Marginalised Stacked Denoising Autoencoders',
  family: 'feature',
  paper: {
    authors: 'Chen, Xu, Weinberger, Sha',
    year: 2012,
    title: 'Marginalized Denoising Autoencoders for Domain Adaptation',
  },
  summary: 'Adds layers that learn from both domains to give back features that were left out, in closed form.',
  cost: 'O(n d² + d³) per layer; fewer rows than features: O(n² d)',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same', task: 'either', memory: 'linear' },
  options: z.strictObject({
    layers: z
      .number()
      .int()
      .positive()
      .max(50)
      .default(5)
      .describe('layers, each with as many features as it is given: more relate features over longer chains'),
    corruption: z
      .number()
      .min(0.01)
      .max(0.99)
      .default(0.5)
      .describe('probability of a feature to be left out; larger: features are told more by the others'),
    regularisation: z
      .number()
      .positive()
      .default(1e-5)
      .describe('L2 penalty of the maps, as in the authors’ code; larger: flatter layers'),
    features: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('how many of the most frequent features are given back; fewer: less work and memory; null: all'),
    partSize: z
      .number()
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('features that the first layer works on at a time; smaller: less work, a coarser result; null: all'),
  }),
  async fit(problem, options, context) {
    const pooled = poolProblem(problem)
    const rows = pooled.source.features.rows
    const d = pooled.target.features.columns
    const kept = Math.min(options.features ?? d, d)
    const part = Math.min(options.partSize ?? d, d)
    const most = Math.max(part, kept)
    requireMemory(context, 5 * most * most, `the map of ${most} features`, 'set features and partSize lower')
    const x = stackRows([pooled.source.features, pooled.target.features])
    const { runtime, random } = context
    const { corruption, regularisation } = options
    const layers: Denoiser[] = []
    const outputs = [x]
    for (let layer = 0; layer < options.layers; layer++) {
      context.signal?.throwIfAborted()
      const input = outputs.at(-1)!
      const inParts = layer === 0 && (kept < d || part < d)
      const settings = { kept, part, corruption, regularisation }
      const next = inParts
        ? await denoiserInParts(runtime, input, settings, random.fork('parts'))
        : await wholeDenoiser(runtime, input, corruption, regularisation)
      layers.push(next)
      outputs.push(await applyStages(runtime, [layerStage(next)], input))
      context.progress(layer + 1, options.layers)
    }
    const z = besideEachOther(outputs)
    const embedded = { source: sliceRows(z, 0, rows), target: sliceRows(z, rows, z.rows) }
    const facts = { layers: layers.length, features: kept }
    return finishTransfer(pooled, embedded, stackedLayersStage(layers), context, facts)
  },
})

/** Rows to columns up to which two factors with the rows between them have no more numbers than one matrix. */
const FEW_ROWS = 0.5

async function wholeDenoiser(runtime: Runtime, x: Matrix, corruption: number, ridge: number): Promise<Denoiser> {
  if (x.sparse === undefined && x.rows <= FEW_ROWS * x.columns) return denoiserOfFewRows(runtime, x, corruption, ridge)
  return denoiser(runtime, await momentsOf(runtime, x), corruption, ridge)
}
