import { z } from 'zod'

/** How a network is trained, whatever the strategy: settings with defaults. */
export const tuningSettings = z.object({
  learningRate: z
    .number()
    .positive()
    .default(5e-4)
    .describe('the highest step size; the schedule warms up to it and falls to zero'),
  batchSize: z.number().int().positive().default(32).describe('rows of one step'),
  optimiser: z
    .enum(['adamw', 'sgd'])
    .default('adamw')
    .describe('AdamW, or stochastic gradient descent with momentum 0.9'),
  weightDecay: z.number().min(0).default(1e-2).describe('how strongly weights are pulled to zero'),
  labelSmoothing: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'the part of a label that is spread over all classes; default: 0.1 where rows are seen in random views, else 0',
    ),
  clipNorm: z.number().min(0).default(0).describe('the largest norm of all gradients together; 0 for no limit'),
  validation: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe('the share of the training rows held out to choose the weights; 0 for none'),
  headStart: z
    .enum(['logistic', 'zero'])
    .default('logistic')
    .describe('the new head starts as a logistic regression on the frozen features, or at zero'),
  c: z
    .number()
    .positive()
    .optional()
    .describe('weight of the data in that regression; chosen by cross-validation when absent'),
  rest: z
    .enum(['fine-tune', 'afresh'])
    .default('fine-tune')
    .describe('the part after the reused blocks goes on from its weights, or starts at random'),
  blend: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'how far the weights go from the head on fixed features (0) to the trained ones (1); default: m / (m + 4) for m mistakes of that head a class, unless held-out rows clearly say otherwise',
    ),
  views: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'random views of each row beside a frozen base: 0 takes rows as they are; default: 4 with fewer than 1,000 rows, else 0; without a frozen base every epoch has views of its own',
    ),
  refit: z
    .boolean()
    .optional()
    .describe('train once more on all rows; default: with fewer than 1,000 rows, and where only the head is trained'),
})

export type TuningSettings = z.output<typeof tuningSettings>
export type TrainingSettings = Pick<
  TuningSettings,
  'learningRate' | 'batchSize' | 'optimiser' | 'weightDecay' | 'clipNorm'
> & { readonly labelSmoothing: number }
