import type { Method } from '../../method.ts'
import { fixmatch } from './fixmatch.ts'
import { meanTeacher } from './mean-teacher.ts'
import { selfTraining } from './self-training.ts'

/** Methods that learn from their own predictions for the target. */
export const pseudoLabelMethods: readonly Method[] = [selfTraining, fixmatch, meanTeacher]
