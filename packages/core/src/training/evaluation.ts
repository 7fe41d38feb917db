import type { Model } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { TrainingState } from './compile-step.ts'

/** Runs a model's inputs through it with the weights of the moment. */
export type Predict = (inputs: Tensors) => Promise<Tensors>

/**
 * The model with some of its initialisers as inputs: one session serves all weights that training goes through.
 */
export function withInputs(model: Model, names: readonly string[]): Model {
  const initializers = new Map(model.graph.initializers)
  const declared = new Set(model.graph.inputs.map(({ name }) => name))
  const added = names.flatMap((name) => {
    const tensor = initializers.get(name)
    initializers.delete(name)
    return tensor === undefined || declared.has(name) ? [] : [{ name, type: tensor.type, dims: tensor.dims }]
  })
  return { ...model, graph: { ...model.graph, inputs: [...model.graph.inputs, ...added], initializers } }
}

/** Runs `model` with the initialisers among `names` taken from `state`. */
export function predictor(runtime: Runtime, model: Model, names: readonly string[]): (state: TrainingState) => Predict {
  const open = withInputs(model, names)
  return (state) => (inputs) =>
    runtime.run(open, { ...inputs, ...Object.fromEntries(names.map((name) => [name, state[name]!])) })
}
