import { cutTo } from '../../../autodiff/index.ts'
import { LOGITS } from '../../../networks/index.ts'
import type { Model } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import { type Matrix, matrix, type Tensor } from '../../../tensor/index.ts'
import { predictor } from '../../../training/index.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import type { DeepProblem, DeepRows } from './deep-problem.ts'

/** What a network gives for many rows. */
export interface NetworkValues {
  /** `rows × outputs`, before softmax. */
  readonly logits: Matrix
  /** Its hidden layers, `rows × width` each. */
  readonly layers: readonly Matrix[]
  /** The last of them. */
  readonly features: Matrix
}

/** Runs a network with the weights of the moment. */
export interface NetworkOutputs {
  readonly problem: DeepProblem
  /** On a domain's rows; `only`: on some of them, in that order. */
  on(domain: DeepRows, only?: Int32Array): Promise<NetworkValues>
  /** On rows in the shape of its input. */
  run(input: Tensor): Promise<NetworkValues>
}

/** Rows that go through a network at once. */
const BLOCK = 256

/** Opens a network whose weights change from call to call: one session serves all. */
export function networkOutputs(
  runtime: Runtime,
  { model, input, dims, layers }: DeepNetwork,
  problem: DeepProblem,
): (weights: Tensors) => NetworkOutputs {
  const infos = layers.map(({ value, width }) => ({ name: value, type: 'float32' as const, dims: ['N', width] }))
  const logits = model.graph.outputs.find(({ name }) => name === LOGITS)!
  const open: Model = cutTo(model, [logits, ...infos])
  return (weights) => {
    const names = Object.keys(weights).filter((name) => open.graph.initializers.has(name))
    const predict = predictor(runtime, open, names)(weights)
    const run = async (rows: Tensor): Promise<NetworkValues> => {
      const found = await predict({ [input]: rows })
      const values = infos.map(({ name }) => wide(found[name]!))
      return { logits: wide(found[LOGITS]!), layers: values, features: values.at(-1)! }
    }
    return {
      problem,
      run,
      async on(domain, only = Int32Array.from({ length: domain.rows }, (_, i) => i)) {
        const parts: NetworkValues[] = []
        for (let from = 0; from < only.length || parts.length === 0; from += BLOCK) {
          parts.push(await run(rowsTensor(domain, only.subarray(from, from + BLOCK), dims)))
        }
        const all = layers.map((_, i) => stacked(parts.map((part) => part.layers[i]!)))
        return { logits: stacked(parts.map((part) => part.logits)), layers: all, features: all.at(-1)! }
      },
    }
  }
}

/** Some rows of a domain in the shape of a network's input. */
export function rowsTensor({ data, features }: DeepRows, rows: Int32Array, dims: readonly number[]): Tensor {
  const x = new Float32Array(rows.length * features)
  rows.forEach((row, i) => {
    x.set(data.subarray(row * features, (row + 1) * features), i * features)
  })
  return { type: 'float32', dims: [rows.length, ...dims], data: x }
}

const wide = ({ dims, data }: Tensor): Matrix => matrix(dims[0]!, dims[1]!, Float64Array.from(data as Float32Array))

function stacked(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const result = matrix(rows, parts[0]!.columns)
  let at = 0
  for (const part of parts) {
    result.data.set(part.data, at)
    at += part.data.length
  }
  return result
}
