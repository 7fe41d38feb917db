import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { discriminator } from '../losses/discriminator.ts'
import type { Domains } from '../losses/domain-cross-entropy.ts'
import { meanOver, scalar, scaled } from '../losses/graph-values.ts'
import type { DeepStep } from '../trainer/deep-step.ts'
import { DISCRIMINATOR_ACCURACY } from '../trainer/trouble.ts'

/** A discriminator of two hidden layers as an extra network, which can report how often it is right. */
export function domainDiscriminator(
  step: DeepStep,
  {
    width,
    hidden,
    name = 'discriminator',
  }: { readonly width: number; readonly hidden: number; readonly name?: string },
) {
  const { graph } = step
  const build = step.extra(name, () =>
    discriminator(graph, { width, hidden: [hidden, hidden], random: step.random.fork(name), name }),
  )
  /** Adds its share of right answers, each domain counting half, to what is reported. */
  const measure = ({ source, target }: Domains) => {
    const zero = scalar(graph, 0)
    const right = {
      source: graph.node('Greater', [build(source), zero]),
      target: graph.node('Less', [build(target), zero]),
    }
    step.measure(DISCRIMINATOR_ACCURACY, shareOfRight(graph, right))
  }
  return Object.assign(build, { measure })
}

/** The share of rows (`N_s` and `N_t` truth values) that are right, each domain counting half: a scalar. */
export function shareOfRight(graph: GraphBuilder, { source, target }: Domains): Value {
  const share = (right: Value) => meanOver(graph, graph.node('Cast', [right], { to: int(1) }))
  return scaled(graph, graph.node('Add', [share(source), share(target)]), 0.5)
}
