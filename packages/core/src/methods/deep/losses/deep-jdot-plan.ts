import { InvalidInputError } from '../../../errors.ts'
import { matrix, type Tensor, tensor } from '../../../tensor/index.ts'
import { exactPlan, uniformMarginal } from '../../../transport/index.ts'

/**
 * The optimal plan between the batch's source rows and target rows, each row of equal mass, at a cost (float32,
 * `N_s × N_t`): float32, `N_s × N_t`, of sum 1. Exact, by the network simplex. Throws `InvalidInputError` where the cost is no
 * matrix or not finite.
 */
export function deepJdotPlan({ dims, data }: Tensor): Tensor<'float32'> {
  const [rows, columns] = dims
  if (dims.length !== 2 || rows === undefined || columns === undefined) {
    throw new InvalidInputError(`a cost is a matrix of source rows × target rows, got the shape [${dims.join(', ')}]`)
  }
  const cost = matrix(rows, columns, Float64Array.from(data as Float32Array))
  const { plan } = exactPlan(cost, uniformMarginal(rows), uniformMarginal(columns))
  return tensor('float32', [rows, columns], Float32Array.from(plan.data))
}
