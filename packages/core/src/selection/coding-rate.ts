import { cholesky, multiply } from '../linalg/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'

/**
 * Rate of coding rows `Z` (`n × d`) up to the distortion `ε`, in nats: `½ log det(I + ZᵀZ / (n ε))`, from the smaller of
 * `ZᵀZ` and `ZZᵀ`.
 */
export async function codingRate(runtime: Runtime, z: Matrix, epsilon: number): Promise<number> {
  const gram = await multiply(runtime, z, z, z.rows <= z.columns ? { b: true } : { a: true })
  const scale = 1 / (z.rows * epsilon)
  for (let i = 0; i < gram.data.length; i++) gram.data[i] *= scale
  for (let i = 0; i < gram.data.length; i += gram.rows + 1) gram.data[i] += 1
  const { data, rows } = cholesky(gram)
  let sum = 0
  for (let i = 0; i < rows; i++) sum += Math.log(data[i * rows + i])
  return sum
}
