import { InvalidInputError } from '../errors.ts'
import type { Network } from '../networks/index.ts'
import type { Strategy } from './strategy.ts'
import type { TuneRequest } from './tune-request.ts'
import type { TunedNetwork } from './tuned-network.ts'
import type { TuningSettings } from './tuning-settings.ts'

/** Throws `InvalidInputError` where rows, depth or strategy do not fit the network. */
export function checkTuning(
  { training, classes, epochs, reuse, oldTask }: TuneRequest,
  { blocks }: Network,
  { oldHead, model }: TunedNetwork,
  { id, needs = {} }: Strategy,
  { rest }: Pick<TuningSettings, 'rest'>,
): void {
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new InvalidInputError(`the number of epochs is a whole number of 1 or more, got ${epochs}`)
  }
  const present = new Set(training.labels)
  if (classes < 2 || present.size < 2) {
    throw new InvalidInputError(`the training rows have ${present.size} class: give two or more to tell apart`)
  }
  if (typeof reuse === 'number' && !(Number.isInteger(reuse) && reuse >= 0 && reuse <= blocks.length)) {
    throw new InvalidInputError(
      `the network has ${blocks.length} blocks to keep: "reuse" is a whole number from 0 to ${blocks.length}, or "auto", got ${reuse}`,
    )
  }
  if (oldHead === undefined && (needs.oldHead || needs.oldTask || oldTask !== undefined)) {
    throw new InvalidInputError(
      `${oldTask === undefined ? `the strategy "${id}"` : 'what is remembered'} needs the classifier that the network came with, and this one has none on top of its features: give a network with its classifier${oldTask === undefined ? ', or another strategy' : ''}`,
    )
  }
  if (needs.oldTask && oldTask === undefined) {
    throw new InvalidInputError(`the strategy "${id}" needs labelled rows of the task that the network knows`)
  }
  if (rest === 'afresh' && (needs.oldHead || needs.oldTask)) {
    throw new InvalidInputError(
      `the strategy "${id}" keeps to what the network knows, which a rest that starts afresh forgets: leave "rest" as it is, or choose another strategy`,
    )
  }
  if (needs.batchNormalisation && !model.graph.nodes.some(({ op }) => op === 'BatchNormalization')) {
    throw new InvalidInputError(
      `the strategy "${id}" works on batch normalisation, and the network has none (exporters often fold it into the convolutions): export it with its normalisation kept, or choose another strategy`,
    )
  }
}
