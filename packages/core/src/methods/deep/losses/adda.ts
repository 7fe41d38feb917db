import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Discriminator } from './discriminator.ts'
import { type Domains, domainCrossEntropy, surprise } from './domain-cross-entropy.ts'
import { meanOver } from './graph-values.ts'

/** Two losses that are minimised together and share no gradient. */
export interface AddaLosses {
  /** The discriminator's cross-entropy; reaches its weights only. */
  readonly discriminator: Value
  /** The target encoder's loss; reaches the target's features only. */
  readonly encoder: Value
}

/**
 * The losses of ADDA (Tzeng 2017, eq. 9). The discriminator learns to tell `D = 1` for the source's features (`N_s × d`)
 * from 0 for the target's (`N_t × d`); the target's encoder minimises `−(1/N_t) Σ log D`, with inverted labels instead of
 * a reversed gradient, which is strong where the discriminator is sure. The source's features pass no gradient: its
 * encoder stays as it was trained.
 */
export function adda(graph: GraphBuilder, { source, target }: Domains, discriminator: Discriminator): AddaLosses {
  const held = (features: Value) => discriminator(stopGradient(graph, features))
  return {
    discriminator: domainCrossEntropy(graph, { source: held(source), target: held(target) }),
    encoder: meanOver(graph, surprise(graph, discriminator(target, { fixed: true }))),
  }
}
