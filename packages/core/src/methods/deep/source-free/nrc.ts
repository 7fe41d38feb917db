import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { informationMaximisation } from '../losses/entropy.ts'
import { neighbourhoodConsistency } from '../losses/neighbourhood.ts'
import { deepSettings } from '../settings.ts'
import type { DeepStep } from '../trainer/deep-step.ts'
import { FEATURES, memoryBanks, PLACES, PREDICTIONS } from './memory-banks.ts'
import { sourceFreeSettings, sourceStage } from './source-stage.ts'

/**
 * Neighbourhood reciprocity clustering (Yang 2021): a network trained on the source learns on the target alone that rows
 * agree with their nearest neighbours, with those that are neighbours of each other most, and with the neighbours' own
 * (equations 1 to 9). Features and predictions of all rows are remembered.
 */
export const nrc = defineDeepMethod({
  id: 'nrc',
  name: 'Neighbourhood Reciprocity Clustering',
  paper: {
    authors: 'Yang, Wang, van de Weijer, Herranz, Jui',
    year: 2021,
    title: 'Exploiting the Intrinsic Neighborhood Structure for Source-free Domain Adaptation',
  },
  summary: 'Source-free: makes predictions for target rows agree with those for their nearest neighbours.',
  options: z.strictObject({
    ...deepSettings,
    ...sourceFreeSettings,
    neighbours: z.number().int().positive().default(3).describe('neighbours that a row agrees with'),
    expanded: z.number().int().positive().default(2).describe('neighbours of each neighbour, which count less'),
    affinity: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('how much neighbours count that the row is no neighbour of, and neighbours’ neighbours'),
  }),
  plan: ({ network, problem }, settings) => [
    sourceStage,
    {
      uses: 'target',
      supervised: false,
      build(step) {
        const { rows } = problem.target
        // A row has no more neighbours than there are others.
        const [neighbours, expanded] = [settings.neighbours, settings.expanded].map((count) =>
          Math.min(count, rows - 1),
        )
        const loss =
          neighbours === 0
            ? informationMaximisation(step.graph, step.target.logits)
            : neighbourhoodConsistency(step.graph, banks(step, rows, network.outputs), {
                ...settings,
                neighbours,
                expanded,
              })
        step.loss('neighbourhood', loss)
      },
      inputs: memoryBanks(),
    },
  ],
})

const banks = (step: DeepStep, rows: number, outputs: number) => ({
  logits: step.target.logits,
  places: step.input(PLACES, 'int64', [step.target.rows]),
  features: step.input(FEATURES, 'float32', [rows, step.width]),
  predictions: step.input(PREDICTIONS, 'float32', [rows, outputs]),
})
