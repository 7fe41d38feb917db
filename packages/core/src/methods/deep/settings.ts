import { z } from 'zod'

/** How a network is trained, whatever the method: settings with defaults, for `z.strictObject({ ...deepSettings, … })`. */
export const deepSettings = {
  epochs: z.number().int().positive().default(20).describe('passes over the larger domain'),
  batchSize: z.number().int().positive().default(64).describe('rows of each domain in one step'),
  learningRate: z.number().positive().default(1e-3).describe('step size of fresh layers'),
  backboneRate: z
    .number()
    .min(0)
    .default(0.1)
    .describe('factor on the step size of pretrained layers; 0 keeps them as they are'),
  optimiser: z.enum(['adam', 'sgd']).default('adam').describe('Adam, or stochastic gradient descent with momentum 0.9'),
  weightDecay: z.number().min(0).default(5e-4).describe('how strongly weights are pulled to zero'),
  schedule: z
    .enum(['annealed', 'cosine', 'constant'])
    .default('annealed')
    .describe('the step size over training: (1 + 10 p)^-0.75 as in Ganin 2016, half a cosine, or constant'),
  clipNorm: z.number().positive().default(20).describe('the largest norm of all gradients together'),
  hidden: z
    .union([z.number().int().positive(), z.string().regex(/^\d+(,\d+)*$/)])
    .default(256)
    .describe('units of the hidden layers of an mlp, with commas between them'),
  bottleneck: z
    .number()
    .int()
    .min(0)
    .default(256)
    .describe('units of the layer between a pretrained backbone and the classifier; 0 for none'),
  normalised: z.boolean().optional().describe('batch normalisation in lenet and mlp; default: in lenet'),
  labelSmoothing: z.number().min(0).max(1).default(0).describe('the part of a label that is spread over all classes'),
  select: z
    .enum(['last', 'entropy', 'information', 'neighbourhood'])
    .default('last')
    .describe(
      'which epoch is kept: the last, or the best by a score that needs no target labels: low entropy of the predictions, their mutual information with the rows (Shi and Sha 2012), or soft neighbourhood density (Saito 2021)',
    ),
} as const

const shape = z.object(deepSettings)

/** Those settings, filled in. */
export type DeepSettings = z.output<typeof shape>
