import { InvalidInputError } from '../../errors.ts'
import { describe, input, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Dropout as networks apply it outside training: everything passes. Throws where it would draw random numbers. */
const dropout: Kernel = (call) => {
  const x = input(call, 0)
  const training = call.opset >= 12 && (call.inputs[2]?.data[0] ?? 0) !== 0
  if (training && (call.inputs[1]?.data[0] ?? 0.5) !== 0) {
    throw new InvalidInputError(
      `${describe(call.node)} is in training mode: the interpreter draws no random numbers, give the ratio 0`,
    )
  }
  const mask = value(call.opset < 10 ? x.kind : 'bool', x.dims)
  return [x, { ...mask, data: mask.data.fill(1) }]
}

/** Operators that hand their input on. */
export const passing: Kernels = {
  Identity: (call) => [input(call, 0)],
  Dropout: dropout,
}
