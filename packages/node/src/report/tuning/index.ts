export { embeddedPoints, type PredictedRows, scoredReport } from './assess-tuned.ts'
export { renderTuningReport } from './render-tuning-report.ts'
export type * from './tuning-report.ts'
export { writeTuningFigures } from './write-tuning-figures.ts'
