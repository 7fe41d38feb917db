import type { Tensor } from 'graft-learn'

/** All values shifted and scaled by two numbers, to mean 0 and variance 1: what is next to each other stays alike. */
export function standardised(tensor: Tensor): Tensor {
  const values = tensor.data as Float32Array
  return { type: 'float32', dims: tensor.dims, data: scaled(values, momentsOf(values)) }
}

/** The same for each column of `N × d`; columns that are constant become 0. */
export function perColumn(tensor: Tensor): Tensor {
  const [rows, columns] = tensor.dims as [number, number]
  const values = tensor.data as Float32Array
  const data = new Float32Array(values.length)
  for (let j = 0; j < columns; j++) {
    const column = Float32Array.from({ length: rows }, (_, i) => values[i * columns + j]!)
    scaled(column, momentsOf(column)).forEach((value, i) => {
      data[i * columns + j] = value
    })
  }
  return { type: 'float32', dims: tensor.dims, data }
}

interface Moments {
  readonly mean: number
  readonly deviation: number
}

function momentsOf(values: Float32Array): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

const scaled = (values: Float32Array, { mean, deviation }: Moments): Float32Array =>
  values.map((value) => (deviation > 1e-12 ? (value - mean) / deviation : 0))
