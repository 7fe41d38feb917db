import type { Runtime } from '../runtime/index.ts'
import type { FitRequest } from './fit-method.ts'
import { turnedClasses } from './turned-classes.ts'

/**
 * What `fitMethod` needs for three classes on a circle that the target has turned by 46 degrees (by 60, each class would
 * lie between two), and a perceptron that learns them in a second.
 */
export function turnedRequest(runtime: Runtime, settings: FitRequest['settings'] = {}): FitRequest {
  const shape = { classes: 3, spread: 0.6 }
  return {
    runtime,
    source: turnedClasses({ ...shape, rows: 180, turn: 0, seed: 1 }),
    target: turnedClasses({ ...shape, rows: 150, turn: 46, seed: 2 }),
    classes: 3,
    settings: { epochs: 40, hidden: '64,32', batchSize: 32, learningRate: 5e-3, ...settings },
  }
}
