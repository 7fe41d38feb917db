import { allRules, discreteOperators } from './rules/index.ts'

/** What is known of differentiating an operator. */
export interface OperatorEntry {
  readonly operator: string
  /** The inputs that a gradient passes to; none where what the operator gives does not change smoothly. */
  readonly through: readonly string[]
  readonly limits: string
}

/** Every operator that a graph to be differentiated may hold between its parameters and its loss, by name. */
export const operatorTable: readonly OperatorEntry[] = [
  ...allRules.map(({ operator, through, limits = '' }) => ({ operator, through, limits })),
  ...discreteOperators.map((operator) => ({ operator, through: [], limits: '' })),
].sort((a, b) => (a.operator < b.operator ? -1 : 1))
