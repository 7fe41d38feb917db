import { textOf } from '../attribute-of.ts'
import { text } from '../builder.ts'
import type { Attribute, Node } from '../model.ts'
import { changed, ownNode } from './nodes.ts'
import type { Step, StepContext } from './step.ts'
import { float32Scalar } from './typed.ts'

const asymmetric = { coordinate_transformation_mode: text('asymmetric') }
const rounded = (nearestMode: string): Readonly<Record<string, Attribute>> => ({
  ...asymmetric,
  nearest_mode: text(nearestMode),
})
const takesNearest = (node: Node): boolean => textOf(node, 'mode', 'nearest') === 'nearest'

/** `Upsample` took its scales, 1 or more, as an attribute, from 9 on as an input; `Resize` took its place in 10. */
export const upsampleSteps: readonly Step[] = [
  {
    since: 9,
    rewrite(node, context) {
      const { scales: attribute } = node.attributes
      const data = Float32Array.from(attribute?.type === 'floats' ? attribute.value : [])
      const scales = context.constant(`${node.outputs[0]}_scales`, { type: 'float32', dims: [data.length], data })
      return [changed(node, { inputs: [node.inputs[0]!, scales], drop: ['scales'] })]
    },
  },
  {
    since: 13,
    rewrite(node) {
      const [x, scales] = node.inputs
      const set = takesNearest(node) ? rounded('floor') : asymmetric
      return [changed(node, { op: 'Resize', inputs: [x!, '', scales!], set })]
    },
  },
]

/** How positions are found became a choice in 11; the inputs beside `X` may be absent from 13 on. */
export const resizeSteps: readonly Step[] = [
  { since: 11, rewrite: chooseCoordinates },
  { since: 13, rewrite: (node, context) => [leaveOutUnused(node, context)] },
]

/**
 * Before 11 positions are asymmetric, and of the nearest ones the lower is taken along axes that grow and the upper
 * along axes that shrink, as ONNX Runtime and ONNX's own tests have it. A node that does both, or may, becomes two.
 */
function chooseCoordinates(node: Node, context: StepContext): readonly Node[] {
  const [x, scales] = node.inputs as [string, string]
  const y = node.outputs[0]!
  if (!takesNearest(node)) return [changed(node, { inputs: [x, '', scales], set: asymmetric })]
  const values = context.known.find(scales).constant?.data as Float32Array | undefined
  if (values?.every((scale) => scale >= 1)) return [changed(node, { inputs: [x, '', scales], set: rounded('floor') })]
  if (values?.every((scale) => scale <= 1)) return [changed(node, { inputs: [x, '', scales], set: rounded('ceil') })]
  const one = float32Scalar(1, `${y}_one`, context)
  const [growing, grown, shrinking] = ['growing', 'grown', 'shrinking'].map((part) =>
    context.fresh(`${y}_${part}`),
  ) as [string, string, string]
  return [
    ownNode('Max', [scales, one], [growing]),
    ownNode('Resize', [x, '', growing], [grown], { mode: text('nearest'), ...rounded('floor') }),
    ownNode('Min', [scales, one], [shrinking]),
    changed(node, { inputs: [grown, '', shrinking], set: rounded('ceil') }),
  ]
}

/** An empty tensor stood for an absent input before 13, and `roi` had to be there even where nothing reads it. */
function leaveOutUnused(node: Node, { known }: StepContext): Node {
  const [x, roi = '', scales = '', sizes = ''] = node.inputs
  const isEmpty = (name: string): boolean => name === '' || known.find(name).constant?.data.length === 0
  const coordinates = textOf(node, 'coordinate_transformation_mode', 'half_pixel')
  const crop = coordinates === 'tf_crop_and_resize' ? roi : ''
  const inputs = isEmpty(sizes) ? [x!, crop, scales] : [x!, crop, '', sizes]
  return changed(node, { inputs, set: coordinates === 'tf_half_pixel_for_nn' ? halfPixel(node) : {} })
}

/**
 * `tf_half_pixel_for_nn`, gone in 13, lies half a pixel above `half_pixel`, so that rounding the one in some way is
 * rounding the other in another. Ways without a counterpart stay as they are; runtimes still know the name.
 */
function halfPixel(node: Node): Readonly<Record<string, Attribute>> {
  const counterparts: Readonly<Record<string, string>> = { floor: 'round_prefer_ceil', round_prefer_floor: 'ceil' }
  const nearest = counterparts[textOf(node, 'nearest_mode', 'round_prefer_floor')]
  return nearest === undefined || !takesNearest(node)
    ? {}
    : { coordinate_transformation_mode: text('half_pixel'), nearest_mode: text(nearest) }
}
