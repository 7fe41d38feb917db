import { table } from './method-documents.mjs'

/**
 * docs/operators.md, as text made from the table of operators: `write-operator-table.mjs` writes it, and
 * packages/core/test/method-documents.test.ts compares it.
 */
export function operatorsPage(operators) {
  const passing = operators.filter(({ through }) => through.length > 0)
  const rows = passing.map(({ operator, through, limits }) => [`\`${operator}\``, through.join(', '), limits])
  const stopping = operators.filter(({ through }) => through.length === 0)
  const names = stopping.map(({ operator }) => `\`${operator}\``)
  return `${[
    '# Operators',
    [
      'Made from the rules in `packages/core/src/autodiff/rules` by `scripts/write-operator-table.mjs`: change those, not this',
      'page. Between the parameters that are trained and the loss, a graph may hold the operators below, in any operator set',
      'that Graft reads; older ones, Upsample for one, are brought into their newer form first. Everywhere else it may hold',
      'whatever ONNX Runtime runs. An operator between the two that is not here, If, Loop and Scan among them, is refused by',
      'name before anything is computed. ReverseGradient is Graft’s own.',
    ].join('\n'),
    `## Those that a gradient passes (${passing.length})`,
    'Inputs have the names of the ONNX specification. Other inputs, such as shapes, axes and indices, have no gradient.',
    table(['operator', 'inputs that have a gradient', 'limits'], rows),
    `## Those that none passes (${stopping.length})`,
    [
      'They give whole numbers, truth values, or numbers that are constant between jumps: their inputs have a gradient of',
      'zero, as in other frameworks.',
    ].join('\n'),
    `${names.join(', ')}.`,
  ].join('\n\n')}\n`
}
