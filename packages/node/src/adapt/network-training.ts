import type { AdaptRequest, AdaptResult, DeepEpoch, Method } from 'graft-learn'
import type { Checkpoints } from '../files/index.ts'
import type { Hooks } from './call.ts'
import { accuracyOf } from './score.ts'
import type { TransferData } from './transfer-data.ts'

/** What a request needs besides, of methods that train a network. */
export function trainingOf(
  method: Pick<Method, 'id'>,
  { network, truth }: Pick<TransferData, 'network' | 'truth'>,
  checkpoints: Checkpoints | undefined,
  hooks: Pick<Hooks, 'warn'>,
): Pick<AdaptRequest, 'network' | 'deep'> {
  return {
    ...(network && { network }),
    deep: {
      onWarning: hooks.warn,
      ...(truth && { onlooker: (predicted: Int32Array) => accuracyOf(truth, predicted) }),
      ...(checkpoints && { checkpoints: (stage: string) => checkpoints.open(`${method.id}-${folderName(stage)}`) }),
    },
  }
}

const folderName = (stage: string): string => stage.replaceAll(/[^a-z0-9]+/gi, '-')

/** Tells what went wrong in training. */
export function warnOfTraining({ method, training }: AdaptResult, hooks: Pick<Hooks, 'warn'>): void {
  for (const warning of training?.warnings ?? []) hooks.warn(`${method.id}, ${warning}`)
}

/** The training as `--json` prints it. */
export interface TrainingOutcome {
  readonly epochs: readonly DeepEpoch[]
  /** The epoch of the last stage whose weights are in the model. */
  readonly kept: number
  readonly warnings: readonly string[]
}
