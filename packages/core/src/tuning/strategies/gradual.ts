import { z } from 'zod'
import type { ParameterGroup } from '../../training/index.ts'
import { defineStrategy } from '../strategy.ts'
import { parted, thawingPhases } from './gradual-phases.ts'
import { slantedTriangle } from './gradual-schedule.ts'

/**
 * The fine-tuning of ULMFiT (Howard and Ruder 2018, sections 3.2 and 3.3): the head is trained first, then one more group
 * of blocks at a time, last to first, until all are trained (gradual unfreezing); the rate of each earlier group is that
 * of the next one divided by `decay`, `ηˡ⁻¹ = ηˡ / 2.6` (discriminative fine-tuning); and rates rise and fall along a
 * slanted triangle. The triangle is run through anew in each phase, as in the authors' code; in the paper, `T` counts the
 * steps of training.
 *
 * The paper has one group per layer of a network of four. Deeper networks are gathered into `groups`: with a group per
 * block, the first of eighteen blocks would learn at a rate of 10⁻⁷ of the head's, which is none.
 */
export const gradual = defineStrategy({
  id: 'gradual',
  name: 'Gradual unfreezing (ULMFiT)',
  paper: {
    authors: 'Howard, Ruder',
    year: 2018,
    title: 'Universal Language Model Fine-tuning for Text Classification',
  },
  summary: 'Trains the head, then one more group of blocks at a time, earlier groups at lower rates.',
  options: z.object({
    groups: z
      .number()
      .int()
      .positive()
      .default(4)
      .describe('how many groups the blocks are gathered into: more thaw more slowly, and reach lower rates'),
    decay: z
      .number()
      .min(1)
      .default(2.6)
      .describe('what each earlier group’s rate is divided by: larger values keep early blocks closer'),
    epochsEach: z
      .number()
      .int()
      .positive()
      .default(1)
      .describe('epochs before the next group thaws; with few epochs, several groups thaw at once'),
    rising: z.number().min(0).max(0.9).default(0.1).describe('the part of a phase’s steps in which the rate rises'),
    ratio: z.number().min(1).default(32).describe('the highest rate divided by the first'),
  }),
  plan({ blocks, head, epochs }, { groups, decay, epochsEach, rising, ratio }) {
    const filled = blocks.filter((names) => names.length > 0)
    const gathered = parted(filled, Math.min(groups, filled.length)).map((together) => together.flat())
    const phases = thawingPhases(gathered, head, epochs, epochsEach)
    return {
      phases,
      groups: gathered.map((names, i) => slower(names, decay ** (i - gathered.length))),
      schedule: (rate) => slantedTriangle(rate, rising, ratio),
      facts: { groups: gathered.length, phases: phases.length },
    }
  },
})

function slower(names: readonly string[], rate: number): ParameterGroup {
  const members = new Set(names)
  return { match: (name) => members.has(name), rate }
}
