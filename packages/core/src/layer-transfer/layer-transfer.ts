import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Random, seededRandom } from '../tensor/index.ts'
import type { ClassSplit } from './class-split.ts'
import { checkOptions, type LayerTransferOptions, type TransferRun } from './options.ts'
import { drawRepetition, type Repetition, startOf } from './repetition.ts'
import { summarise, type TransferSummary } from './summary.ts'
import { type TrainedNetwork, trainNetwork } from './train-network.ts'
import { checkCuts, copyTreatments, type PlannedRun, planRuns, runName } from './treatments.ts'

export interface LayerTransferResult {
  /** Names of the network's layers, first to last. */
  readonly layers: readonly string[]
  /** The classes of each repetition that was begun. */
  readonly splits: readonly ClassSplit[]
  /** Finished runs, in the order of the plan. */
  readonly runs: readonly TransferRun[]
  readonly planned: number
  readonly summary: TransferSummary
  readonly stopped: 'finished' | 'aborted'
}

/**
 * How transferable are the features of each layer (Yosinski et al. 2014)? The classes are divided into two tasks, a base
 * network is trained from scratch on each, and networks for task B are made of the first `n` layers of one of them and
 * fresh layers after those, for every cut `n` and every treatment. Same seed, same result, whatever was finished before.
 * Throws `InvalidInputError` for data and settings that do not fit.
 */
export async function layerTransfer(runtime: Runtime, options: LayerTransferOptions): Promise<LayerTransferResult> {
  checkOptions(options)
  const { repetitions = 5, seed = 0, treatments = copyTreatments, finished = [], signal } = options
  const random = seededRandom(seed)
  const repetitionAt = (r: number) => drawRepetition(runtime, options, random.fork(`repetition ${r}`))
  const first = repetitionAt(0)
  const { layers } = (await first.fresh('B', 'form')).network
  const plan = planRuns(repetitions, checkCuts(options.cuts, layers.length), treatments)
  const before = new Map(finished.map((run) => [keyOf(run), run]))
  const runs: TransferRun[] = []
  const splits: ClassSplit[] = []
  let bases: Partial<Record<'A' | 'B', Model>> = {}
  let repetition: Repetition = first
  let aborted = false
  for (const planned of plan) {
    const r = planned.repetition
    if (splits.length === r) {
      repetition = r === 0 ? first : repetitionAt(r)
      splits.push(repetition.split)
      bases = {}
    }
    const known = before.get(keyOf(planned))
    const base = planned.treatment === 'base'
    const laterRuns = () => plan.some((other) => other.repetition === r && !before.has(keyOf(other)))
    if (known !== undefined && !(base && laterRuns())) {
      runs.push(known)
      continue
    }
    if (known !== undefined) {
      const kept = await options.bases?.read(r, planned.task)
      if (kept !== undefined) {
        bases[planned.task] = kept
        runs.push(known)
        continue
      }
    }
    const done = runs.length
    const trained = signal?.aborted
      ? null
      : await trainPlanned(
          runtime,
          options,
          repetition,
          planned,
          bases,
          random.fork(`order ${keyOf(planned)}`),
          (part) => options.onProgress?.(runName(planned), done + part, plan.length),
        )
    if (trained === null) {
      aborted = true
      break
    }
    if (base) bases[planned.task] = trained.model
    if (base) await options.bases?.write(r, planned.task, trained.model)
    const { accuracy, trainAccuracy, loss } = trained
    const run = { ...planned, name: runName(planned), accuracy, trainAccuracy, loss }
    runs.push(run)
    await options.onRun?.(run, trained.model)
  }
  return {
    layers: layers.map(({ name }) => name),
    splits,
    runs,
    planned: plan.length,
    summary: summarise(runs),
    stopped: aborted ? 'aborted' : 'finished',
  }
}

const keyOf = ({ repetition, treatment, cut, task }: PlannedRun): string =>
  `${repetition} ${runName({ treatment, cut, task })}`

async function trainPlanned(
  runtime: Runtime,
  options: LayerTransferOptions,
  repetition: Repetition,
  planned: PlannedRun,
  { A, B }: Partial<Record<'A' | 'B', Model>>,
  random: Random,
  progress: (part: number) => void,
): Promise<TrainedNetwork | null> {
  const { epochs = 20, batchSize = 32, learningRate = 0.002, weightDecay = 0, signal } = options
  const { model, frozen } = await startOf(repetition, planned, A && B && { A, B })
  const seed = random.integer(2 ** 31)
  const onEpoch = (epoch: number) => progress(epoch / epochs)
  const plan = { epochs, batchSize, learningRate, weightDecay, seed, signal, onEpoch }
  return trainNetwork(runtime, model, repetition.tasks[planned.task], plan, frozen)
}
