import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { deepSettings } from '../settings.ts'

/** The network trained on the source alone: what deep methods are compared with. */
export const sourceOnly = defineDeepMethod({
  id: 'source-only',
  name: 'Source-only network',
  family: 'baseline',
  paper: null,
  summary: 'Trains the network on the source alone, without any transfer.',
  options: z.strictObject(deepSettings),
  plan: () => [{ uses: 'source' }],
})
