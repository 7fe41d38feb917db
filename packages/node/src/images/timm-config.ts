import { z } from 'zod'
import type { ConfiguredPreprocessing } from './processor-config.ts'

const schema = z.object({
  input_size: z.tuple([z.number(), z.number().positive(), z.number().positive()]),
  mean: z.array(z.number()).length(3),
  std: z.array(z.number().positive()).length(3),
  crop_pct: z.number().gt(0.01).max(1).optional(),
  crop_mode: z.string().optional(),
  interpolation: z.string().optional(),
})

/** The preprocessing in timm's `config.json` (`pretrained_cfg`); undefined where the file is another model's. */
export function readTimmConfig(value: unknown): ConfiguredPreprocessing | undefined {
  const nested = z.object({ pretrained_cfg: schema }).safeParse(value)
  if (!nested.success) return undefined
  const { input_size, mean, std, crop_pct, crop_mode, interpolation } = nested.data.pretrained_cfg
  return {
    height: input_size[1],
    width: input_size[2],
    resize: crop_mode === 'squash' ? 'stretch' : 'crop',
    cropShare: crop_pct ?? 0.875,
    channels: 'rgb',
    scale: 1 / 255,
    mean,
    std,
    interpolation: interpolation === 'bicubic' ? 'bicubic' : 'bilinear',
  }
}
