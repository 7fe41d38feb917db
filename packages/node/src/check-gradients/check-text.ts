import { oneLine, textTable } from '../cli/text-table.ts'
import type { GradientCheck, ProbeCounts } from './gradient-check.ts'
import type { CheckOutcome } from './run-check-gradients.ts'
import { shapeText } from './tensor-forms.ts'

/** How many parameters are listed at most, the worst first. */
const LISTED = 10

/** A check for people: what was compared, the losses, and the parameters that are furthest from their reference. */
export function checkText(call: { readonly case?: string }, { result, errors }: CheckOutcome): string {
  const { model, operators, loss, referenceLoss, parameters, vanishing = [], worst, probes } = result
  const moving = errors.filter(({ vanishes }) => vanishes !== true)
  const worstFirst = moving.toSorted((a, b) => b.relativeError - a.relativeError).slice(0, LISTED)
  const reference = call.case ?? 'central differences in float64'
  const parts = [
    `${model}: ${operators.join(', ')}`,
    `Loss ${figure(loss)}, reference ${figure(referenceLoss)}`,
    textTable(worstFirst, [
      { title: 'PARAMETER', cell: ({ name }) => name },
      { title: 'SHAPE', cell: ({ dims }) => shapeText(dims) },
      { title: 'RELATIVE ERROR', align: 'right', cell: ({ relativeError }) => relativeError.toExponential(1) },
    ]) + (moving.length > LISTED ? `\nand ${moving.length - LISTED} more, closer to their reference` : ''),
  ]
  if (vanishing.length > 0) {
    parts.push(`Without a gradient, but for rounding, and left out of the largest error: ${vanishing.join(', ')}`)
  }
  if (probes !== undefined) parts.push(probeText(probes))
  if (worst !== null) {
    parts.push(
      `${parameters} ${parameters === 1 ? 'parameter' : 'parameters'} against ${reference}: largest relative error ${worst.relativeError.toExponential(1)}, in ${worst.name}`,
    )
  }
  return parts.map((part) => part.split('\n').map(oneLine).join('\n')).join('\n\n')
}

function probeText({ elements, directions, dropped, unchecked }: ProbeCounts): string {
  const taken = [
    elements === 0 ? undefined : `${elements} single elements`,
    directions === 0 ? undefined : `${directions} random directions, each through all elements of a parameter`,
  ].filter((part) => part !== undefined)
  const left = dropped === 0 ? '' : `; ${dropped} left out, too near a kink of the loss or lost in rounding`
  const none = unchecked === 0 ? '' : `\n${unchecked} parameters were not reached, or have no probe that counts`
  return `Probed: ${taken.join(' and ')}${left}${none}`
}

const figure = (value: GradientCheck['loss']): string => (value === null ? '-' : `${Number(value.toPrecision(8))}`)
