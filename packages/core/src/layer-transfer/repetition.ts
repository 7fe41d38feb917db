import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Random, Tensor } from '../tensor/index.ts'
import { type ClassSplit, drawSplit, taskRows } from './class-split.ts'
import { copyLayers, type LayeredNetwork, layersOf, withNumbersOf } from './layers.ts'
import type { LayerTransferData, LayerTransferOptions } from './options.ts'
import type { TaskData, TaskPart } from './train-network.ts'
import { copyPlans, type PlannedRun } from './treatments.ts'

/** All that one repetition of the experiment draws. Everything depends on its random stream and nothing else. */
export interface Repetition {
  readonly split: ClassSplit
  readonly tasks: { readonly A: TaskData; readonly B: TaskData }
  /** A network that never learnt, for as many classes as the task has. */
  fresh(task: 'A' | 'B', name: string): Promise<{ readonly network: LayeredNetwork; readonly model: Model }>
}

export function drawRepetition(runtime: Runtime, options: LayerTransferOptions, random: Random): Repetition {
  const { data, heldOut = 0.25, rowsPerClass, sourceRowsPerClass = rowsPerClass } = options
  const split = drawSplit(data.classes, options.split ?? 'random', random.fork('classes'))
  const task = (name: 'A' | 'B', classes: readonly number[]): TaskData => {
    const most = name === 'A' ? sourceRowsPerClass : rowsPerClass
    const { train, test } = taskRows(
      data.labels,
      classes,
      { heldOut, rowsPerClass: most },
      random.fork(`rows of ${name}`),
    )
    return { train: partOf(data, classes, train), test: partOf(data, classes, test) }
  }
  const forms = new Map<number, Promise<LayeredNetwork>>()
  return {
    split,
    tasks: { A: task('A', split.a), B: task('B', split.b) },
    async fresh(which, name) {
      const classes = split[which === 'A' ? 'a' : 'b'].length
      const model = options.network(classes, random.fork(name))
      const form = forms.get(classes) ?? layersOf(runtime, model)
      forms.set(classes, form)
      const network = await form
      return { network, model: withNumbersOf(network, model) }
    },
  }
}

/** Rows of a task, classes numbered within it. */
function partOf({ inputs, labels }: LayerTransferData, classes: readonly number[], rows: Int32Array): TaskPart {
  const [all, ...dims] = inputs.dims as [number, ...number[]]
  const width = inputs.data.length / all
  const source = inputs.data as Float32Array
  const data = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    data.set(source.subarray(row * width, (row + 1) * width), i * width)
  })
  const tensor: Tensor = { type: 'float32', dims: [rows.length, ...dims], data }
  return { inputs: tensor, labels: rows.map((row) => classes.indexOf(labels[row]!)) }
}

/**
 * Where a run starts: its copied layers in a fresh network, and the value up to which it is frozen. Runs of one cut start
 * with the same weights in the layers that are not copied, so that their differences are those of the treatments.
 */
export async function startOf(
  repetition: Repetition,
  { treatment, cut, task }: PlannedRun,
  bases: { readonly A: Model; readonly B: Model } | undefined,
): Promise<{ readonly model: Model; readonly frozen?: string }> {
  if (treatment === 'base' || bases === undefined) {
    const { model } = await repetition.fresh(task, `base ${task}`)
    return { model }
  }
  const { from, frozen } = copyPlans[treatment]
  const { network, model: rest } = await repetition.fresh('B', `rest ${cut}`)
  const source = from === 'untrained' ? (await repetition.fresh('B', 'untrained')).model : bases[from]
  const model = copyLayers(network, cut, source, rest)
  return frozen ? { model, frozen: network.layers[cut - 1]!.output } : { model }
}
