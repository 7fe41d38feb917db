import { defineRule } from '../rule.ts'
import { throughExtreme } from './extreme.ts'

/** `∂max(A, B, …)`: one for the largest; ties share. */
export const max = defineRule({ operator: 'Max', through: ['data_0'], backward: throughExtreme })
