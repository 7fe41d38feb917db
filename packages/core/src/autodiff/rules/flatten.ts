import { sameElements } from './same-elements.ts'

/** The gradient in the input's shape. */
export const flatten = sameElements('Flatten', 'input')
