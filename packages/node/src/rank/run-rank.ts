import { join } from 'node:path'
import {
  combineRanks,
  findTransferabilityScore,
  InvalidInputError,
  nodeRuntime,
  type Runtime,
  type TransferabilityScore,
  transferabilityScores,
  version,
} from 'graft-learn'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { modelFileOf, type PreprocessingOptions } from '../images/index.ts'
import { type ModelFile, readModelFile } from '../saved-model/model-file.ts'
import { imageRows } from './image-rows.ts'
import { optionsPerModel } from './per-model.ts'
import type { PlacesOf } from './places.ts'
import { placesOf } from './places.ts'
import type { RankCall, RankedModel, RankHooks, Ranking } from './rank-call.ts'
import { type Goal, type RankingData, readRankingData } from './read-goal.ts'
import { scorePlace } from './score-place.ts'
import { tableDims, tableRows } from './table-rows.ts'

/** A model run on the data. */
interface ModelRows {
  readonly places: PlacesOf
  /** `n × width`. */
  readonly rows: Float32Array
  readonly goal: Goal
}

type Unranked = Omit<RankedModel, 'rank' | 'meanPlace'>

/**
 * Ranks pretrained models, or their layers, for a data set without training: each is run once on all rows, and its
 * features are scored. Throws `InvalidInputError` where a model cannot take the rows.
 */
export async function runRank(call: RankCall, given: RankHooks): Promise<Ranking> {
  const hooks = { ...given, warn: once(given.warn) }
  const started = performance.now()
  const scores = chosenScores(call)
  const options = optionsPerModel(call)
  const models: ModelFile[] = []
  for (const path of call.models) models.push(await readModelFile(await modelFileOf(path)))
  const data = await readRankingData(call, hooks)
  const file = call.out === undefined ? undefined : join(call.out, 'ranking.json')
  if (call.out !== undefined) await ensureOutputFolder(call.out)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const found: Unranked[] = []
  const seconds = { features: 0, scores: 0 }
  let goal: Goal | undefined
  for (const [i, model] of models.entries()) {
    const from = performance.now()
    const run = await rowsOf(runtime, model, data, options[i]!, call, hooks)
    const between = performance.now()
    goal = run.goal
    found.push(...(await scoredPlaces(runtime, model.file, run, scores, call, hooks)))
    seconds.features += (between - from) / 1000
    seconds.scores += (performance.now() - between) / 1000
  }
  await runtime.release()
  const { rows, task, classes } = goal!
  const ranking: Ranking = {
    command: 'rank',
    version,
    train: { file: call.train, rows, task, classes },
    seed: call.seed ?? 0,
    scores: scores.map(({ id, name, better }) => ({ id, name, better })),
    models: ranked(found, scores),
    ...(file === undefined ? {} : { files: { ranking: file } }),
    seconds: { ...seconds, total: (performance.now() - started) / 1000 },
  }
  if (file !== undefined) await writeAtomically(file, `${JSON.stringify(ranking)}\n`)
  return ranking
}

/** Says each thing once: what is wrong with an image is found again with every model. */
function once(warn: RankHooks['warn']): RankHooks['warn'] {
  const said = new Set<string>()
  return (text) => {
    if (said.has(text)) return
    said.add(text)
    warn(text)
  }
}

/** The scores to compute: those asked for, else all that suit the task. */
function chosenScores({ scores, task = 'classification' }: RankCall): TransferabilityScore[] {
  const able = transferabilityScores.filter((score) => task === 'classification' || score.task === 'either')
  if (scores === undefined) return able
  return [...new Set(scores)].map((id) => {
    const score = findTransferabilityScore(id)
    if (able.includes(score)) return score
    const others = able.map((each) => each.id).join(', ')
    throw new InvalidInputError(`--task regression: score ${id} ranks for classes only; take ${others}`)
  })
}

/** Cuts a model to what is scored of it and runs that on all rows. */
async function rowsOf(
  runtime: Runtime,
  { file, model }: ModelFile,
  data: RankingData,
  preprocessing: PreprocessingOptions,
  call: RankCall,
  hooks: RankHooks,
): Promise<ModelRows> {
  const layers = call.layers ?? false
  if (data.kind === 'images') {
    return imageRows({ runtime, file, model, images: data.images, preprocessing, layers, cache: call.cache, hooks })
  }
  const places = await placesOf(runtime, model, tableDims(model, data.features), layers)
  const about = { file: data.file, model: file }
  const rows = await tableRows(runtime, places.base, places.network.input, data.features, about, (done, total) =>
    hooks.progress(`features of ${file}`, done, total),
  )
  return { places, rows, goal: data.goal }
}

async function scoredPlaces(
  runtime: Runtime,
  file: string,
  { places, rows, goal }: ModelRows,
  scores: readonly TransferabilityScore[],
  call: RankCall,
  hooks: RankHooks,
): Promise<Unranked[]> {
  const found: Unranked[] = []
  for (const place of places.places) {
    const { features, block, dims, columns } = place
    const context = { runtime, seed: call.seed ?? 0, scores, file }
    const scored = await scorePlace(places, place, rows, goal, context)
    found.push({ model: file, features, block, dims, width: columns[1] - columns[0], ...scored })
    hooks.progress(`scores of ${file}`, found.length, places.places.length)
  }
  return found
}

/** Best first; of equals the one that was named first. Beyond six digits float32 features tell nothing. */
function ranked(found: readonly Unranked[], scores: readonly TransferabilityScore[]): RankedModel[] {
  const ranks = combineRanks(scores.map(({ id }) => found.map((model) => rounded(model.scores[id]))))
  return found.map((model, i) => ({ ...model, ...ranks[i]! })).sort((a, b) => a.rank - b.rank)
}

const rounded = (score: number | null | undefined): number | null =>
  score == null ? null : Number(score.toPrecision(6))
