import type { z } from 'zod'
import { softmaxStage } from '../../classifiers/index.ts'
import type { TransferProblem } from '../../data/index.ts'
import { EMBEDDING, networkStage } from '../../networks/index.ts'
import type { Stage } from '../../onnx/index.ts'
import { applyStages, type Runtime, type Tensors } from '../../runtime/index.ts'
import { matrix, type Random } from '../../tensor/index.ts'
import type { Family, Method, MethodContext, Needs, Transfer } from '../method.ts'
import { poolProblem } from '../rows.ts'
import { chooseNetwork } from './network/choose-network.ts'
import type { DeepNetwork } from './network/deep-network.ts'
import type { DeepSettings } from './settings.ts'
import { type DeepTraining, trainDeep } from './train-deep.ts'
import { type DeepProblem, deepProblem } from './trainer/deep-problem.ts'
import type { DeepStage } from './trainer/deep-stage.ts'

/** What a deep method plans its training with. */
export interface DeepSetup {
  readonly runtime: Runtime
  readonly problem: DeepProblem
  readonly network: DeepNetwork
  readonly random: Random
  /** Trains a network beforehand, as to compare several; without curves of its own. */
  train(training: Pick<DeepTraining, 'network' | 'stages'> & { readonly name: string }): ReturnType<typeof trainDeep>
}

/** What a method makes of training. */
export interface DeepPlan {
  /** One after the other. */
  readonly stages: readonly DeepStage[]
  /** The network to train, where it is another than the setup's. */
  readonly network?: DeepNetwork
  /** Weights to begin with, by name; default: the network's own. */
  readonly weights?: Tensors
  /** What was chosen, for the report. */
  readonly facts?: Readonly<Record<string, number | string>>
}

/** A method of deep adaptation: its losses, extra networks and schedule. The trainer does the rest. */
export interface DeepMethod<Options extends z.ZodObject>
  extends Pick<Method<Options>, 'id' | 'name' | 'paper' | 'summary'> {
  /** `deepSettings` and its own. */
  readonly options: Options
  /** What differs from: labelled source, unlabelled target. */
  readonly needs?: Partial<Needs>
  /** Default `deep`. */
  readonly family?: Family
  /** Set where the classifier has one more output, the last: a class that the source lacks. */
  readonly unknown?: true
  readonly plan: (
    setup: DeepSetup,
    options: z.output<Options> & DeepSettings,
  ) => DeepPlan | readonly DeepStage[] | Promise<DeepPlan | readonly DeepStage[]>
}

/** Declares a deep method; gives it as a method of the catalogue. */
export const defineDeepMethod = <Options extends z.ZodObject>(deep: DeepMethod<Options>): Method<Options> => ({
  id: deep.id,
  name: deep.name,
  family: deep.family ?? 'deep',
  network: true,
  paper: deep.paper,
  summary: deep.summary,
  cost: 'O(epochs · n · p), p parameters',
  needs: {
    sourceLabels: 'some',
    targetLabels: 'none',
    features: 'same',
    task: 'classification',
    memory: 'linear',
    ...deep.needs,
  },
  options: deep.options,
  fit: async (problem, options, context) => {
    const settings = options as z.output<Options> & DeepSettings
    const { runtime, random } = context
    const rows = deepProblem(problem)
    const network = await chooseNetwork(
      runtime,
      context.network ?? { kind: 'mlp' },
      {
        features: rows.target.features,
        outputs: rows.classes + (deep.unknown ? 1 : 0),
        random: random.fork('network'),
      },
      settings,
    )
    const shared = { runtime, problem: rows, settings }
    const planned = await deep.plan(
      {
        runtime,
        problem: rows,
        network,
        random: random.fork('plan'),
        train: ({ name, ...training }) =>
          trainDeep({ ...shared, ...training, random: random.fork(name), hooks: quiet(context) }),
      },
      settings,
    )
    const plan: DeepPlan = isStages(planned) ? { stages: planned } : planned
    const trained = await trainDeep({
      ...shared,
      network: plan.network ?? network,
      stages: plan.stages,
      random: random.fork('training'),
      ...(plan.weights && { weights: plan.weights }),
      hooks: {
        ...quiet(context),
        ...context.deep,
        ...stepsOf(plan, settings, context),
        ...onlookerOf(context, rows, problem),
      },
    })
    const pooled = poolProblem(problem)
    const used = plan.network ?? network
    const embed = networkStage(trained.model, EMBEDDING, used.dims)
    return {
      source: await applyStages(runtime, [embed], pooled.source.features),
      target: await applyStages(runtime, [embed], problem.target.features),
      embed,
      classifier: headStage({ ...used, model: trained.model }, rows.present, problem.task.classes.length, deep.unknown),
      ...(deep.unknown && { unknown: true as const }),
      facts: { ...plan.facts, epoch: trained.history.kept, parameters: countOf(used) },
      training: trained.history,
    } satisfies Transfer
  },
})

/** The onlooker is told classes of the task. */
function onlookerOf({ deep }: MethodContext, { present }: DeepProblem, { task }: TransferProblem) {
  const onlooker = deep?.onlooker
  if (onlooker === undefined) return {}
  return { onlooker: (found: Int32Array) => onlooker(found.map((at) => present[at] ?? task.classes.length)) }
}

const isStages = (plan: DeepPlan | readonly DeepStage[]): plan is readonly DeepStage[] => Array.isArray(plan)

const quiet = ({ signal }: MethodContext) => ({ ...(signal && { signal }), watch: false })

/** Progress over all stages, in epochs of all. */
function stepsOf({ stages }: DeepPlan, { epochs }: DeepSettings, { progress, deep }: MethodContext) {
  const all = stages.map((stage) => stage.epochs ?? epochs)
  const total = all.reduce((sum, each) => sum + each, 0)
  return {
    watch: deep?.watch ?? true,
    onStep(name: string, done: number, steps: number) {
      const index = stages.findIndex((stage) => (stage.name ?? 'adaptation') === name)
      const before = all.slice(0, index).reduce((sum, each) => sum + each, 0)
      progress(Math.floor(before + (done / steps) * all[index]!), total)
    },
  }
}

/** The head as the pipeline's classifier: softmax of the logits, in float64. Classes without rows have no probability. */
function headStage(
  { model, head, outputs }: DeepNetwork,
  present: Int32Array,
  classes: number,
  unknown: true | undefined,
): Stage {
  const { initializers } = model.graph
  const weight = initializers.get(head.weight)!
  const width = weight.dims[1]!
  const weights = matrix(width, outputs)
  for (let c = 0; c < outputs; c++) {
    for (let j = 0; j < width; j++) weights.data[j * outputs + c] = Number(weight.data[c * width + j])
  }
  const intercepts = Float64Array.from(initializers.get(head.bias)!.data as Float32Array)
  return softmaxStage(
    { weights, intercepts },
    unknown ? Int32Array.of(...present, classes) : present,
    classes + (unknown ? 1 : 0),
  )
}

const countOf = ({ model, parameters }: DeepNetwork): number =>
  [...parameters.keys()].reduce((sum, name) => sum + model.graph.initializers.get(name)!.data.length, 0)
