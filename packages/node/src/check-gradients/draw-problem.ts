import { differentiate, gradientName, interpret, type Model, type Random, type Runtime, type Tensor } from 'graft-learn'
import { checkFinite } from './finite.ts'
import { type LossProblem, numbersOf } from './gradient-check.ts'
import { randomProblem } from './loss-problem.ts'
import { randomInputs } from './random-inputs.ts'
import { relativeError, vanishes } from './relative-error.ts'
import { workAfter } from './work.ts'

/** A loss at random inputs, and its gradients as ONNX Runtime computes them. */
export interface DrawnProblem extends LossProblem {
  readonly loss: number
  readonly gradients: ReadonlyMap<string, Tensor>
  readonly draws: number
}

/** Multiplications of one run above which one row must do. */
const HEAVY = 1e9
/** The most inputs that are drawn. */
const DRAWS = 8
/** The most multiplications that drawing may cost: half a minute, more or less. */
const DRAWING = 40e9
/** What a run with gradients costs, in runs without. */
const BACKWARD = 3
/** How far float32 and float64 may be apart by rounding alone. */
const ROUNDING = 2e-5

/**
 * Random inputs for a model, and the gradients of a loss there. Among millions of units a few lie so near the kink of
 * their Relu, MaxPool or Clip that float32 and float64 fall on different sides, and both gradients are right, each on its
 * side. So the gradient graph itself is run in float64 too, and inputs are drawn again where the two runs differ by more
 * than rounding; where they always do, the closest draw is taken.
 */
export async function drawProblem(
  runtime: Runtime,
  model: Model,
  parameters: readonly string[],
  random: Random,
  progress: (label: string, done: number, total: number) => void,
): Promise<DrawnProblem> {
  const rowWork = await workOfRow(runtime, model, random)
  const rows = rowWork > HEAVY / 2 ? 1 : 2
  const most = Math.min(DRAWS, Math.max(1, Math.floor(DRAWING / (BACKWARD * rows * rowWork))))
  let differentiated: Model | undefined
  let best: { readonly drawn: DrawnProblem; readonly apart: number } | undefined
  for (let draws = 1; draws <= most; draws++) {
    const problem = await drawOnce(runtime, model, rows, random.fork(`draw ${draws}`))
    differentiated ??= await differentiate(runtime, problem.model, { loss: 'loss', parameters, inputs: problem.inputs })
    const fed = Object.fromEntries(differentiated.graph.inputs.map(({ name }) => [name, problem.inputs[name]!]))
    const results = await runtime.run(differentiated, fed)
    const drawn = {
      ...problem,
      loss: Number(results.loss!.data[0]),
      gradients: new Map(parameters.map((name) => [name, results[gradientName(name)]!])),
      draws,
    }
    checkFinite(drawn)
    const apart = precisionsApart(differentiated, fed, drawn.gradients)
    if (best === undefined || apart < best.apart) best = { drawn, apart }
    progress('random inputs', draws, most)
    if (apart <= ROUNDING) break
  }
  return best!.drawn
}

async function drawOnce(runtime: Runtime, model: Model, rows: number, random: Random): Promise<LossProblem> {
  const { inputs, output } = await randomInputs(runtime, model, rows, random.fork('inputs'))
  return randomProblem(model, inputs, output, random.fork('targets'))
}

/** Multiplications of the loss of one row. */
async function workOfRow(runtime: Runtime, model: Model, random: Random): Promise<number> {
  const { model: whole, inputs } = await drawOnce(runtime, model, 1, random.fork('size'))
  return workAfter(whole, interpret(whole, inputs), Object.keys(inputs))
}

/** The largest relative error of gradients in float32 against the same graph in float64, but of those that are zero. */
function precisionsApart(
  differentiated: Model,
  inputs: Readonly<Record<string, Tensor>>,
  gradients: ReadonlyMap<string, Tensor>,
): number {
  const { values } = interpret(differentiated, inputs)
  const pairs = Array.from(gradients, ([name, gradient]) => ({
    gradient: numbersOf(gradient),
    reference: values.get(gradientName(name))!.data,
  }))
  return pairs
    .filter((pair) => !vanishes(pair, pairs))
    .reduce((most, { gradient, reference }) => Math.max(most, relativeError(gradient, reference)), 0)
}
