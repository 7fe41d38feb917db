import { cutTo, exposeParameters, parametersOf } from '../autodiff/index.ts'
import { splitNetwork } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { baseOutputs, pickRows, type TuningRows } from './tuning-rows.ts'

/** A network in two: what runs once for each row, and what is trained. */
export interface TrainedPart {
  /** From the network's input to the cut; undefined where all of the network is trained. */
  readonly base?: Model
  /** From the cut to the outputs. */
  readonly network: Model
  /** The name of its input. */
  readonly input: string
}

/** Cuts at a value, or not at all. */
export function trainedPart(model: Model, cut: string | undefined): TrainedPart {
  if (cut === undefined) return { network: model, input: model.graph.inputs[0]!.name }
  const { base, rest } = splitNetwork(model, cut)
  return { base, network: rest, input: cut }
}

/** Inputs for some rows in a view. */
export type RowInputs = (rows: Int32Array, view: number) => Promise<Tensor>

/** Inputs of the trained part for rows in some view, what the base gives being computed once for each view. */
export function partInputs(
  runtime: Runtime,
  { base }: TrainedPart,
  data: TuningRows,
  progress: (done: number, total: number) => void,
  signal?: AbortSignal,
): RowInputs {
  if (base === undefined) return data.fetch
  const views = new Map<number, Promise<Tensor>>()
  return async (rows, view) => {
    const kept = views.get(view) ?? baseOutputs(runtime, base, data, view, progress, signal)
    views.set(view, kept)
    return pickRows(await kept, rows)
  }
}

/** What a model could learn for an output, by name. */
export function parametersFor(model: Model, output: string): Tensors {
  const exposed = exposeParameters(model)
  const { initializers } = exposed.graph
  const names = parametersOf(cutTo(exposed, [{ name: output }]), [output]).filter((name) => initializers.has(name))
  return Object.fromEntries(names.map((name) => [name, initializers.get(name)!]))
}
