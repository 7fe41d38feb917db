import { defineRule } from '../rule.ts'
import { throughExtreme } from './extreme.ts'

/** `∂min(A, B, …)`: one for the smallest; ties share. */
export const min = defineRule({ operator: 'Min', through: ['data_0'], backward: throughExtreme })
