export { fewShotFigure } from './few-shot-figure.ts'
export type { FewShotLine, FewShotSummary } from './few-shot-summary.ts'
export { type LearntFewShot, learnFewShot } from './learn-few-shot.ts'
