import { intOf, intsOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { lpParts } from './lp-parts.ts'
import { spreadWindows } from './spread-windows.ts'
import { windowGeometry } from './window-geometry.ts'

/** `Y = (Σ |X|ᵖ)^(1/p)` over windows: what `lpParts` gives for `Y` goes to each position of the window. */
export const lpPool = defineRule({
  operator: 'LpPool',
  through: ['X'],
  backward({ ops, node, inputs, outputs, gradients }) {
    const [x, y] = [inputs[0]!, outputs[0]!]
    const geometry = windowGeometry(node, intsOf(node, 'kernel_shape') ?? [], x.dims.slice(2), y.dims.slice(2))
    const { power, scaled } = lpParts(ops, intOf(node, 'p', 2), x, y, gradients[0]!)
    return [ops.mul(power, spreadWindows(ops, scaled, geometry, x.dims, 1))]
  },
})
