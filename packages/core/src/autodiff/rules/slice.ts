import { InvalidInputError } from '../../errors.ts'
import { describeNode } from '../../onnx/index.ts'
import { type Backward, defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { type Places, placeEvery } from './place-every.ts'

/** Zeros, with the gradient at the places that the slice took. */
export const slice = defineRule({
  operator: 'Slice',
  through: ['data'],
  limits: 'starts, axes and steps must not depend on the data',
  backward: (call) => [placeEvery(call.ops, call.gradients[0]!, call.inputs[0]!.dims, placesOf(call))],
})

/** For each axis that is sliced, the place of the first element taken and the step from one to the next. */
function placesOf(call: Backward): Places[] {
  const { dims } = call.inputs[0]!
  const starts = numbers(call, 1) ?? []
  const axes = numbers(call, 3) ?? [...starts.keys()]
  const steps = numbers(call, 4)
  return starts.map((given, i) => {
    const axis = frontAxis(axes[i]!, dims.length)
    const step = steps?.[i] ?? 1
    const length = dims[axis]!
    const start = given < 0 ? given + length : given
    return { axis, step, start: Math.max(0, Math.min(start, step > 0 ? length : length - 1)) }
  })
}

function numbers({ node, inputs, known }: Backward, index: number): number[] | undefined {
  const [value, names] = [inputs[index], ['data', 'starts', 'ends', 'axes', 'steps']]
  if (value === undefined) return undefined
  const found = known(value)
  if (found !== undefined) return Array.from(found.data as ArrayLike<number | bigint>, Number)
  throw new InvalidInputError(
    `${describeNode(node)} computes its ${names[index]} from data: a gradient passes slices at fixed places only`,
  )
}
