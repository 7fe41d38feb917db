import {
  exposeParameters,
  InvalidInputError,
  type Model,
  nodeRuntime,
  nodesWithoutRule,
  parametersOf,
  type Runtime,
  seededRandom,
  summariseModel,
  UnsupportedOperatorError,
  version,
} from 'graft-learn'
import { readModelFile } from '../saved-model/index.ts'
import { againstCase } from './against-case.ts'
import { againstDifferences } from './against-differences.ts'
import { drawProblem } from './draw-problem.ts'
import type { CheckCall, Comparison, GradientCheck, ParameterError } from './gradient-check.ts'
import { withFirstOutput } from './loss-problem.ts'
import { WORK } from './probe-plan.ts'
import { readCase } from './read-case.ts'

export interface CheckHooks {
  progress(label: string, done: number, total: number): void
}

/** What a check found, parameter by parameter. */
export interface CheckOutcome {
  readonly result: GradientCheck
  readonly errors: readonly ParameterError[]
  /** Why nothing was compared: the model holds operators that cannot be differentiated. */
  readonly unsupported?: UnsupportedOperatorError
}

/**
 * Compares the gradients of a model with those in a case file or, without one, with central differences. Throws
 * `InvalidInputError` where the model or the case is wrong or they do not fit.
 */
export async function runCheckGradients(call: CheckCall, hooks: CheckHooks): Promise<CheckOutcome> {
  const { file, model } = await readModelFile(call.model)
  const operators = Object.keys(summariseModel(model).operators).sort()
  const single = withFirstOutput(exposeParameters(model))
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const head = { command: 'check-gradients', version, model: file, operators } as const
  try {
    const { errors, probes, ...losses } = await compare(runtime, single, call, hooks)
    const moving = errors.filter(({ vanishes }) => vanishes !== true)
    const vanishing = errors.filter(({ vanishes }) => vanishes === true).map(({ name }) => name)
    const worst = (moving.length > 0 ? moving : errors).reduce((most, each) =>
      each.relativeError > most.relativeError ? each : most,
    )
    return {
      errors,
      result: {
        ...head,
        unsupported: [],
        ...losses,
        parameters: errors.length,
        maxRelativeError: worst.relativeError,
        worst: { name: worst.name, relativeError: worst.relativeError },
        ...(vanishing.length === 0 ? {} : { vanishing }),
        ...(probes === undefined ? {} : { probes }),
      },
    }
  } catch (error) {
    if (!(error instanceof UnsupportedOperatorError)) throw error
    const none = { loss: null, referenceLoss: null, parameters: 0, maxRelativeError: null, worst: null }
    return { errors: [], result: { ...head, unsupported: error.nodes, ...none }, unsupported: error }
  } finally {
    await runtime.release()
  }
}

async function compare(runtime: Runtime, model: Model, call: CheckCall, hooks: CheckHooks): Promise<Comparison> {
  if (call.case !== undefined) {
    const given = await readCase(call.case, model)
    checkRules(model, given.gradients.keys())
    return againstCase(runtime, model, given)
  }
  const parameters = parametersOf(model)
  if (parameters.length === 0) {
    throw new InvalidInputError(
      `the model's first output "${model.graph.outputs[0]!.name}" depends on no parameter: give a model with float weights stored in it`,
      { file: call.model },
    )
  }
  checkRules(model, parameters)
  const random = seededRandom(call.seed)
  const problem = await drawProblem(runtime, model, parameters, random, hooks.progress)
  const comparison = await againstDifferences(problem, random, call.work ?? WORK, hooks.progress)
  if (comparison.errors.length > 0) return comparison
  throw new Error('no central difference could be told from rounding: try another --seed, or give a --case')
}

/** Before anything runs: ONNX Runtime's own message, where it does not know an operator, would name the first one only. */
function checkRules(model: Model, parameters: Iterable<string>): void {
  const without = nodesWithoutRule(model, parameters)
  if (without.length === 0) return
  throw new UnsupportedOperatorError(
    without,
    'no gradient passes; cut the graph before, or export it with other operators',
  )
}
