import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import type { ClassSplit } from './class-split.ts'
import { checkOptions, type LayerTransferOptions, type TransferRun } from './options.ts'
import { drawRepetition, type Repetition, startOf } from './repetition.ts'
import { summariseTransfer, type TransferSummary } from './summary.ts'
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
  const { repetitions = 5, seed = 0, treatments = copyTreatments, finished = [] } = options
  const random = seededRandom(seed)
  const repetitionAt = (r: number) => drawRepetition(runtime, options, random.fork(`repetition ${r}`))
  const first = repetitionAt(0)
  const { layers } = (await first.fresh('B', 'form')).network
  const plan = planRuns(repetitions, checkCuts(options.cuts, layers.length), treatments)
  const before = new Map(finished.map((run) => [keyOf(run), run]))
  const runs: TransferRun[] = []
  const splits: ClassSplit[] = []
  let repetition = first
  let bases: Partial<Record<'A' | 'B', Model>> = {}
  for (const planned of plan) {
    const { repetition: r, task } = planned
    if (splits.length === r) {
      repetition = r === 0 ? first : repetitionAt(r)
      bases = {}
      splits.push(repetition.split)
    }
    const base = planned.treatment === 'base'
    const wanted = base && plan.some((other) => other.repetition === r && !before.has(keyOf(other)))
    const known = before.get(keyOf(planned))
    const kept = known !== undefined && wanted ? await options.bases?.read(r, task) : undefined
    if (kept !== undefined) bases[task] = kept
    if (known !== undefined && (kept !== undefined || !wanted)) {
      runs.push(known)
      continue
    }
    const trained = await trainPlanned(runtime, options, repetition, planned, bases, {
      seed: random.fork(`order ${keyOf(planned)}`).integer(2 ** 31),
      onEpoch: (part) => options.onProgress?.(runName(planned), runs.length + part, plan.length),
    })
    if (trained === null) break
    if (base) bases[task] = trained.model
    if (base) await options.bases?.write(r, task, trained.model)
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
    summary: summariseTransfer(runs),
    stopped: runs.length < plan.length ? 'aborted' : 'finished',
  }
}

const keyOf = ({ repetition, treatment, cut, task }: PlannedRun): string =>
  `${repetition} ${runName({ treatment, cut, task })}`

interface Course {
  readonly seed: number
  /** Told the part of the epochs that are done. */
  readonly onEpoch: (part: number) => void
}

/** One network of the plan; null where the signal ended it. */
async function trainPlanned(
  runtime: Runtime,
  options: LayerTransferOptions,
  repetition: Repetition,
  planned: PlannedRun,
  { A, B }: Partial<Record<'A' | 'B', Model>>,
  { seed, onEpoch }: Course,
): Promise<TrainedNetwork | null> {
  const { epochs = 20, batchSize = 32, learningRate = 0.002, weightDecay = 0, signal } = options
  if (signal?.aborted) return null
  const { model, frozen } = await startOf(repetition, planned, A && B && { A, B })
  const told = (epoch: number) => onEpoch(epoch / epochs)
  const plan = { epochs, batchSize, learningRate, weightDecay, seed, signal, onEpoch: told }
  return trainNetwork(runtime, model, repetition.tasks[planned.task], plan, frozen)
}
