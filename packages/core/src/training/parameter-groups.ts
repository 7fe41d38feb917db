/** Parameters that are updated in a way of their own. */
export interface ParameterGroup {
  /** Which parameters, by name; the first group that matches counts. */
  readonly match: (name: string) => boolean
  /** A factor on the schedule's learning rate; default 1. */
  readonly rate?: number
  /** Instead of the optimiser's weight decay. */
  readonly weightDecay?: number
}

/** How one parameter is updated. */
export function groupOf(
  name: string,
  groups: readonly ParameterGroup[],
  weightDecay: number,
): { rate: number; weightDecay: number } {
  const group = groups.find(({ match }) => match(name))
  return { rate: group?.rate ?? 1, weightDecay: group?.weightDecay ?? weightDecay }
}
