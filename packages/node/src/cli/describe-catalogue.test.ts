import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeOptions } from './describe-catalogue.ts'

describe('settings told by their schemas', () => {
  it('have a default, a type, a range and a description', () => {
    const options = z.object({
      components: z.number().int().positive().default(30).describe('dimensions kept'),
      ridge: z.number().min(0).max(1).default(0.5).describe('weight of the ridge'),
      kernel: z.enum(['linear', 'rbf']).default('linear').describe('kernel'),
      bandwidth: z
        .union([z.literal('median'), z.number().gt(0)])
        .default('median')
        .describe('width'),
      whiten: z.boolean().default(false).describe('unit variances'),
    })
    expect(describeOptions(options)).toMatchObject({
      components: { default: 30, type: 'integer', description: 'dimensions kept', exclusiveMinimum: 0 },
      ridge: { default: 0.5, type: 'number', description: 'weight of the ridge', minimum: 0, maximum: 1 },
      kernel: { default: 'linear', type: 'string', description: 'kernel', enum: ['linear', 'rbf'] },
      bandwidth: {
        default: 'median',
        type: 'string|number',
        description: 'width',
        exclusiveMinimum: 0,
        enum: ['median'],
      },
      whiten: { default: false, type: 'boolean', description: 'unit variances' },
    })
    expect(describeOptions(options).components!.allowed).toBe('integer, above 0 (default 30)')
    expect(describeOptions(options).ridge).not.toHaveProperty('exclusiveMinimum')
  })

  it('are none where a method has none', () => {
    expect(describeOptions(z.object({}))).toEqual({})
  })
})
