import type { Model, Runtime } from 'graft-learn'
import { baseOutputs } from '../feature-cache/index.ts'
import { batchDims, type ImageFolder, type PreprocessingOptions, preprocessingOf } from '../images/index.ts'
import { type PlacesOf, placesOf } from './places.ts'
import type { RankHooks } from './rank-call.ts'
import type { Goal } from './read-goal.ts'

/** What running a model over images needs. */
export interface ImageRowsCall {
  readonly runtime: Runtime
  /** The model's file: preprocessing may be told beside it. */
  readonly file: string
  readonly model: Model
  readonly images: ImageFolder
  readonly preprocessing: PreprocessingOptions
  readonly layers: boolean
  /** Where outputs are kept; default: the cache of all commands. */
  readonly cache: string | undefined
  readonly hooks: RankHooks
}

/** Runs a model, cut to its places, once over all images that can be used; their labels are the goal. */
export async function imageRows(
  call: ImageRowsCall,
): Promise<{ readonly places: PlacesOf; readonly rows: Float32Array; readonly goal: Goal }> {
  const { runtime, file, model, images, hooks, cache } = call
  const preprocessing = await preprocessingOf(file, model, call.preprocessing, hooks)
  const places = await placesOf(runtime, model, batchDims(preprocessing, 1).slice(1), call.layers)
  let said = false
  const found = await baseOutputs(runtime, places.base, images, preprocessing, {
    warn: hooks.warn,
    progress: (done, total) => {
      if (!said) hooks.saved?.(`features of ${file}, as far as they were computed`)
      said = true
      hooks.progress(`features of ${file}`, done, total)
    },
    ...(cache === undefined ? {} : { cacheFolder: cache }),
  })
  const { labels, classes } = found.images
  const goal = { task: 'classification', rows: labels.length, labels, classes } as const
  return { places, rows: found.outputs.data as Float32Array, goal }
}
