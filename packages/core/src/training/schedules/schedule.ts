/** The learning rate of a step: `step` counts from 0, `steps` is how many there will be. */
export type Schedule = (step: number, steps: number) => number
