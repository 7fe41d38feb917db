import { int, type Value } from '../../../onnx/index.ts'
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
  const build = step.extra(name, (graph) =>
    discriminator(graph, { width, hidden: [hidden, hidden], random: step.random.fork(name), name }),
  )
  const right = (value: Value, op: 'Greater' | 'Less') =>
    meanOver(step.graph, step.graph.node('Cast', [step.graph.node(op, [value, scalar(step.graph, 0)])], { to: int(1) }))
  /** Adds its share of right answers, each domain counting half, to what is reported. */
  const measure = (inputs: Domains) => {
    const shares = [right(build(inputs.source), 'Greater'), right(build(inputs.target), 'Less')]
    step.measure(DISCRIMINATOR_ACCURACY, scaled(step.graph, step.graph.node('Add', shares), 0.5))
  }
  return Object.assign(build, { measure })
}
