import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { integers, meanOver, scalar } from './graph-values.ts'

export interface MixedNormalisationOptions {
  /** The axes that statistics are taken over, all but the channel's: `[0]` (the default) for rows, `[0, 2, 3]` for images. */
  readonly axes?: readonly number[]
  /** Added to variances. Default 1e-5. */
  readonly epsilon?: number
}

/** Both batches after normalisation, in their shapes, and the statistics the target was normalised by: what predicts. */
export interface MixedNormalisation {
  readonly source: Value
  readonly target: Value
  /** `C`. */
  readonly targetMean: Value
  /** `C`, of the population. */
  readonly targetVariance: Value
}

/**
 * AutoDIAL's layer: each domain's batch is normalised by the mean and variance of a mixture of both, the source by those of
 * `α q_s + (1 − α) q_t`, the target by those of `α q_t + (1 − α) q_s`. At `α = 1` each has its own, at `0.5` both share one. The
 * variance is the mixture's, `α σ_s² + (1 − α) σ_t² + α (1 − α) (μ_s − μ_t)²`. `alpha` is a scalar of the graph that is learnt;
 * outside [0.5, 1] it counts as the nearer end, with the gradient that it has there, so that it can come back. Scale and
 * shift are the caller's.
 *
 * Carlucci, Porzi, Caputo, Ricci, Rota Bulò 2017, AutoDIAL: Automatic DomaIn Alignment Layers, section 3.1.
 */
export function mixedNormalisation(
  graph: GraphBuilder,
  source: Value,
  target: Value,
  alpha: Value,
  { axes = [0], epsilon = 1e-5 }: MixedNormalisationOptions = {},
): MixedNormalisation {
  const own = within(graph, alpha)
  const other = graph.node('Sub', [scalar(graph, 1), own])
  const [s, t] = [statistics(graph, source, axes), statistics(graph, target, axes)]
  const mix = (a: Value, b: Value) => graph.node('Add', [graph.node('Mul', [own, a]), graph.node('Mul', [other, b])])
  const gap = graph.node('Sub', [s.mean, t.mean])
  const between = graph.node('Mul', [graph.node('Mul', [own, other]), graph.node('Mul', [gap, gap])])
  const mixture = (a: Statistics, b: Statistics): Statistics => ({
    mean: mix(a.mean, b.mean),
    variance: graph.node('Add', [mix(a.variance, b.variance), between]),
  })
  const normalised = (x: Value, { mean, variance }: Statistics) =>
    graph.node('Div', [
      graph.node('Sub', [x, mean]),
      graph.node('Sqrt', [graph.node('Add', [variance, scalar(graph, epsilon)])]),
    ])
  const list = (x: Value) => graph.node('Reshape', [x, integers(graph, [-1])])
  const ofTarget = mixture(t, s)
  return {
    source: normalised(source, mixture(s, t)),
    target: normalised(target, ofTarget),
    targetMean: list(ofTarget.mean),
    targetVariance: list(ofTarget.variance),
  }
}

interface Statistics {
  readonly mean: Value
  readonly variance: Value
}

/** Over the axes, which stay with the length 1. */
function statistics(graph: GraphBuilder, x: Value, axes: readonly number[]): Statistics {
  const mean = meanOver(graph, x, axes, true)
  const centred = graph.node('Sub', [x, mean])
  return { mean, variance: meanOver(graph, graph.node('Mul', [centred, centred]), axes, true) }
}

/** `α` brought into [0.5, 1], the gradient as though it had not been. */
function within(graph: GraphBuilder, alpha: Value): Value {
  const clipped = graph.node('Clip', [alpha, scalar(graph, 0.5), scalar(graph, 1)])
  return graph.node('Add', [alpha, stopGradient(graph, graph.node('Sub', [clipped, alpha]))])
}
