/** A trial of a depth: the first `reuse` blocks kept as they are, the rest trained for a few epochs. */
export interface DepthTrial {
  readonly reuse: number
  readonly accuracy: number
  /** The cross-entropy on the rows held out. */
  readonly loss: number
  readonly epochs: number
  readonly seconds: number
}

export interface DepthChoice {
  readonly reuse: number
  readonly trials: readonly DepthTrial[]
  readonly why: string
}

/** Trials in a row without a better one, after which shallower cuts are left untried. */
const PATIENCE = 2

/** Depths to try, all blocks first: the fewer are trained, the cheaper. At most five, evenly spread. */
export function depthsToTry(blocks: number): number[] {
  const parts = [1, 0.75, 0.5, 0.25, 0]
  return [...new Set(parts.map((part) => Math.round(part * blocks)))]
}

/**
 * Finds how many of the first blocks to keep, from all of them down, by the accuracy on held-out rows after a few epochs;
 * of equal accuracies the lower loss counts. It ends where two depths in a row brought nothing: features become more
 * general towards the input (Yosinski 2014), so that what is lost by opening a layer is seldom won back by the next.
 * Undefined where a trial is, having been broken off.
 */
export async function chooseDepth(
  blocks: number,
  rows: number,
  tryDepth: (reuse: number) => Promise<DepthTrial | undefined>,
): Promise<DepthChoice | undefined> {
  const trials: DepthTrial[] = []
  let best: DepthTrial | undefined
  let stale = 0
  for (const reuse of depthsToTry(blocks)) {
    if (stale === PATIENCE) break
    const trial = await tryDepth(reuse)
    if (trial === undefined) return undefined
    trials.push(trial)
    const better =
      best === undefined ||
      trial.accuracy > best.accuracy ||
      (trial.accuracy === best.accuracy && trial.loss < best.loss)
    if (better) best = trial
    stale = better ? 0 : stale + 1
  }
  return { reuse: best!.reuse, trials, why: reasonFor(best!, trials, blocks, rows) }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`

function reasonFor(best: DepthTrial, trials: readonly DepthTrial[], blocks: number, rows: number): string {
  const others = trials.filter((trial) => trial !== best)
  const said = `keeping ${best.reuse} of ${blocks} blocks got ${percent(best.accuracy)} of ${rows} held-out rows right`
  if (others.length === 0) return `${said}; it was the only depth tried`
  const rest = others.map(({ reuse, accuracy }) => `${reuse}: ${percent(accuracy)}`).join(', ')
  const tied = others.some(({ accuracy }) => accuracy === best.accuracy)
  return `${said}${tied ? ', with the lowest loss of the best' : ''} (others: ${rest})`
}
