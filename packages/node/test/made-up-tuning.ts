import type { TunedRun, TuningReportData } from '../src/report/tuning/index.ts'
import { names, nasty } from './made-up-report.ts'

/** One grey pixel. */
export const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='

/** What a made-up tuning did. */
export function tunedRun(change: Partial<TunedRun> = {}): TunedRun {
  const epochs = [1, 2, 3, 4, 5, 6].map((epoch) => ({
    epoch,
    loss: 1.2 / epoch,
    trainAccuracy: 1 - 0.3 / epoch,
    validationAccuracy: epoch > 4 ? 0.84 : 0.7 + 0.04 * epoch,
    seconds: epoch === 1 ? 9.5 : 2.1,
  }))
  return {
    version: '0.1.0',
    seed: 3,
    model: 'network.onnx',
    reuse: 9,
    blocks: 18,
    why: 'keeping 9 of 18 blocks got 86.0 % of 50 held-out rows right (others: 18: 80.0 %, 14: 84.0 %)',
    trials: [
      { reuse: 18, accuracy: 0.8, loss: 0.61, epochs: 2, seconds: 1.5 },
      { reuse: 14, accuracy: 0.84, loss: 0.55, epochs: 2, seconds: 4.2 },
      { reuse: 9, accuracy: 0.86, loss: 0.5, epochs: 2, seconds: 9.8 },
    ],
    settings: { learningRate: 1e-4, batchSize: 32 },
    options: { alpha: 0.01, [nasty]: nasty },
    train: { file: 'photos', rows: 244, skipped: 2 },
    test: { file: 'more photos', rows: 300, skipped: 0 },
    classes: names,
    trainable: { parameters: 412345, tensors: 31 },
    epochs,
    bestEpoch: 4,
    refitted: false,
    interrupted: false,
    scores: { validation: 0.86, test: 0.91, head: { validation: 0.8, test: 0.81 } },
    forgetting: { rows: 500, before: 0.71, after: 0.62 },
    facts: { groups: 4 },
    seconds: { read: 1.2, base: 6.1, head: 0.3, depth: 15.5, train: 20.4, total: 44 },
    ...change,
  }
}

/** A report on it. */
export function tuningReport(change: Partial<TuningReportData> = {}): TuningReportData {
  const points = (shift: number) =>
    names.flatMap((className, c) =>
      Array.from({ length: 20 }, (_, i) => ({ x: Math.sin(i * i) + shift * c, y: Math.cos(i) - shift * c, className })),
    )
  return {
    title: `photos ${nasty}`,
    command: `graft tune --model network.onnx --train 'a b' --label ${nasty}`,
    strategy: {
      id: 'l2-sp',
      name: 'Pull towards the start',
      summary: 'Trains all weights and pulls <them> back.',
      paper: { authors: 'A & B', year: 2018, title: 'On <T>' },
    },
    run: tunedRun(),
    scored: {
      rows: 'test rows',
      confusion: [
        [95, 5, 0],
        [3, 90, 7],
        [2, 10, 88],
      ],
      perClass: names.map((name, i) => ({
        name,
        support: 100,
        precision: 0.9,
        recall: [0.95, 0.9, 0.88][i]!,
        f1: 0.9,
      })),
      mistakes: [
        { file: `${nasty}.jpg`, truth: 'one', predicted: 'two', probability: 0.997, thumbnail: pixel },
        { file: 'plain.jpg', truth: nasty, predicted: 'one', probability: 0.8 },
      ],
      wrong: 27,
    },
    embedding: { rows: 'test rows', before: points(0.5), after: points(3) },
    ...change,
  }
}
