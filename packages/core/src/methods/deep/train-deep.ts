import type { Model } from '../../onnx/index.ts'
import type { Runtime, Tensors } from '../../runtime/index.ts'
import type { Random } from '../../tensor/index.ts'
import type { DeepNetwork } from './network/deep-network.ts'
import type { DeepSettings } from './settings.ts'
import type { DeepEpoch, DeepHistory } from './trainer/deep-history.ts'
import type { DeepProblem } from './trainer/deep-problem.ts'
import type { DeepStage } from './trainer/deep-stage.ts'
import { withKnown } from './trainer/open-step.ts'
import { ADAPTATION, type DeepHooks, trainStage } from './trainer/train-stage.ts'
import { troubleIn } from './trainer/trouble.ts'

export interface DeepTraining {
  readonly runtime: Runtime
  readonly problem: DeepProblem
  readonly network: DeepNetwork
  /** One after the other, each from the weights that the one before left. */
  readonly stages: readonly DeepStage[]
  readonly settings: DeepSettings
  readonly random: Random
  /** Default: those stored in the network. */
  readonly weights?: Tensors
  readonly hooks?: DeepHooks
}

export interface TrainedNetwork {
  /** The network with what was learnt. */
  readonly model: Model
  /** Its parameters and running statistics, and those of extra networks, by name. */
  readonly weights: Tensors
  readonly history: DeepHistory
}

/** Carries out the stages of a deep method. Throws `InvalidInputError` for settings that do not fit. */
export async function trainDeep(training: DeepTraining): Promise<TrainedNetwork> {
  const { network, stages, settings, hooks = {} } = training
  let weights = training.weights ?? {}
  const epochs: DeepEpoch[] = []
  const warnings: string[] = []
  let kept = 0
  for (const [i, stage] of stages.entries()) {
    const last = i === stages.length - 1
    const result = await trainStage({
      runtime: training.runtime,
      problem: training.problem,
      network,
      stage,
      settings,
      random: training.random.fork(stage.name ?? ADAPTATION),
      weights,
      ...(last && settings.select !== 'last' && { select: settings.select }),
      hooks,
    })
    weights = result.weights
    kept = result.kept
    epochs.push(...result.epochs)
    warnings.push(...result.warnings, ...troubleIn(result.epochs))
  }
  return { model: withKnown(network.model, weights), weights, history: { epochs, kept, warnings } }
}
