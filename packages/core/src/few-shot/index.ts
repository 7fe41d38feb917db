export { type Candidate, type CandidateRequest, fewShotCandidates, findCandidates } from './candidates.ts'
export {
  type ClassRows,
  drawEpisodes,
  type Episode,
  type EpisodeDraw,
  type EpisodeOptions,
  type EpisodeRows,
} from './episodes.ts'
export { type EpisodeContext, type EpisodeScores, evaluateEpisodes } from './evaluate-episodes.ts'
export { type FewShot, fewShot } from './few-shot.ts'
export type { FewShotRequest } from './few-shot-request.ts'
export type { FewShotScore } from './few-shot-scores.ts'
export { type MeanInterval, meanInterval } from './mean-interval.ts'
