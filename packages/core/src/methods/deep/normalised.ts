import { z } from 'zod'

/** The setting `normalised` of methods that learn better with it. */
export const normalised = z.boolean().default(true).describe('batch normalisation in lenet and mlp')
