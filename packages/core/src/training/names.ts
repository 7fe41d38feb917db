/** The input that holds a step's learning rate. */
export const RATE = 'learning_rate'
/** The input that says how far the average of the weights moves. */
export const AVERAGE_PART = 'average_part'
/** The output that holds the norm of all gradients, before clipping. */
export const NORM = 'gradient_norm'
/** The output that holds what a part of the state becomes. */
export const nextName = (name: string): string => `next/${name}`
/** The average of a parameter, in the state. */
export const averageName = (parameter: string): string => `average/${parameter}`
/** What the optimiser keeps of a parameter, in the state. */
export const stateName = (kind: string, parameter: string): string => `${kind}/${parameter}`
/** The input that holds one of the optimiser's scalars. */
export const scalarName = (name: string): string => `optimiser/${name}`
