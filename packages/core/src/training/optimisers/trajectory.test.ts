import { afterAll, describe, expect, it } from 'vitest'
import { interpret } from '../../interpreter/index.ts'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { smallBatch, smallNetwork } from '../../testing/small-network.ts'
import {
  adam,
  adamW,
  type CompiledStep,
  compileStep,
  oneCycle,
  runStep,
  type StepOptions,
  sgd,
  softmaxCrossEntropy,
} from '../index.ts'
import { averageName, nextName } from '../names.ts'
/*
 * 50 steps in PyTorch 2.13, float32, of `smallNetwork` on `smallBatch(6 t, 6 t + 6)` with F.cross_entropy: all losses, and the
 * weights at the end. Optimisers:
 *   sgd                  SGD(lr=0.1)
 *   momentum             SGD(lr=0.1, momentum=0.9)
 *   nesterov             SGD(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)
 *   adam                 Adam(lr=0.02, weight_decay=0.01)
 *   adamw                AdamW(lr=0.02, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)
 *   groups               SGD(lr=0.1, momentum=0.9, weight_decay=0.01), first layer lr=0.02, weight_decay=0.05
 *   adamw groups         AdamW(lr=0.1, weight_decay=0.01), first layer lr=0.02, weight_decay=0.05
 *   clipping             SGD(lr=0.5) after clip_grad_norm_(parameters, 0.2), whose results are `norms`
 *   one cycle            SGD(lr=0.1) with OneCycleLR(max_lr=0.5, total_steps=50, cycle_momentum=False)
 *   batch normalisation  SGD(lr=0.1, momentum=0.9), F.batch_norm(training=True, momentum=0.1) before the tanh;
 *                        `norm.variance` is the running mean of population variances, 0.9 r + 0.1 h.var(0, unbiased=False)
 *   moving average       SGD(lr=0.1); `averages` is 0.9 average + 0.1 weights after each step
 */
import reference from './trajectories.json' with { type: 'json' }

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const layer = (name: string) => (parameter: string) => parameter.startsWith(name)
const groups = [{ match: layer('first'), rate: 0.2, weightDecay: 0.05 }]

interface Case extends Partial<StepOptions> {
  readonly optimiser: StepOptions['optimiser']
  readonly rate: number
}

const cases: Record<keyof typeof reference, Case> = {
  sgd: { optimiser: sgd(), rate: 0.1 },
  momentum: { optimiser: sgd({ momentum: 0.9 }), rate: 0.1 },
  nesterov: { optimiser: sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }), rate: 0.1 },
  adam: { optimiser: adam({ weightDecay: 0.01 }), rate: 0.02 },
  adamw: { optimiser: adamW({ beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 }), rate: 0.02 },
  groups: { optimiser: sgd({ momentum: 0.9, weightDecay: 0.01 }), rate: 0.1, groups },
  'adamw groups': { optimiser: adamW(), rate: 0.1, groups },
  clipping: { optimiser: sgd(), rate: 0.5, clipNorm: 0.2 },
  'one cycle': { optimiser: sgd(), rate: Number.NaN },
  'batch normalisation': { optimiser: sgd({ momentum: 0.9 }), rate: 0.1, batchNormalisation: 'batch' },
  'moving average': { optimiser: sgd(), rate: 0.1, average: true },
}

interface Trajectory {
  readonly losses: number[]
  readonly norms: number[]
  readonly state: Tensors
}

const STEPS = 50
const rateOf = (name: string, step: number): number =>
  name === 'one cycle' ? oneCycle(0.5)(step, STEPS) : cases[name as keyof typeof cases].rate

async function compiled(name: keyof typeof reference): Promise<CompiledStep> {
  const { rate: _, ...options } = cases[name]
  return compileStep(runtime, smallNetwork({ normalised: name === 'batch normalisation' }), {
    batch: smallBatch(0, 6),
    losses: [softmaxCrossEntropy({ logits: 'logits' })],
    ...options,
  })
}

/** The steps on ONNX Runtime. */
async function trained(name: keyof typeof reference): Promise<Trajectory> {
  const step = await compiled(name)
  const result = { losses: [] as number[], norms: [] as number[], state: step.start }
  for (let t = 0; t < STEPS; t++) {
    const moment = { step: t, learningRate: rateOf(name, t), averagePart: 0.1 }
    const { state, loss, gradientNorm } = await runStep(
      runtime,
      step,
      result.state,
      smallBatch(6 * t, 6 * t + 6),
      moment,
    )
    result.state = state
    result.losses.push(loss)
    if (gradientNorm !== undefined) result.norms.push(gradientNorm)
  }
  return result
}

/** The same graph in the interpreter, where everything is float64. */
async function interpreted(name: keyof typeof reference): Promise<Trajectory> {
  const step = await compiled(name)
  const scalar = (value: number): Tensor => ({ type: 'float64', dims: [], data: Float64Array.of(value) })
  const result = { losses: [] as number[], norms: [] as number[], state: step.start }
  for (let t = 0; t < STEPS; t++) {
    const given: Record<string, number> = { learning_rate: rateOf(name, t), average_part: 0.1 }
    for (const [key, value] of Object.entries(step.optimiser.scalars(t + 1))) given[`optimiser/${key}`] = value
    const scalars = Object.fromEntries(step.scalars.map((key) => [key, scalar(given[key]!)]))
    const inputs = { ...result.state, ...smallBatch(6 * t, 6 * t + 6), ...scalars }
    const { values } = interpret(step.model, inputs)
    const next = Object.keys(step.start).map((key): [string, Tensor] => {
      const { dims, data } = values.get(nextName(key))!
      return [key, { type: 'float64', dims, data }]
    })
    result.state = Object.fromEntries(next)
    result.losses.push(values.get('loss')!.data[0]!)
    const norm = values.get('gradient_norm')
    if (norm !== undefined) result.norms.push(norm.data[0]!)
  }
  return result
}

/** The largest difference of two lists of one length. */
function distance(a: ArrayLike<unknown>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(0, ...Array.from(b, (value, i) => Math.abs(Number(a[i]) - value)))
}

describe.each(Object.keys(cases) as (keyof typeof cases)[])('50 steps: %s', (name) => {
  const expected: {
    losses: number[]
    weights: Record<string, number[]>
    norms?: number[]
    averages?: Record<string, number[]>
  } = reference[name]

  it.each([
    ['ONNX Runtime', trained],
    ['the interpreter', interpreted],
  ])('agree with PyTorch on %s', async (_, run) => {
    const { losses, norms, state } = await run(name)
    expect(distance(losses, expected.losses)).toBeLessThan(1e-4)
    expect(distance(norms, expected.norms ?? [])).toBeLessThan(1e-4)
    for (const [key, weights] of Object.entries(expected.weights)) {
      expect(distance(state[key]!.data, weights), key).toBeLessThan(1e-4)
    }
    for (const [key, weights] of Object.entries(expected.averages ?? {})) {
      expect(distance(state[averageName(key)]!.data, weights), key).toBeLessThan(1e-4)
    }
  })
})
