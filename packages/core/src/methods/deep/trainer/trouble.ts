import type { DeepEpoch } from './deep-history.ts'

/** What a discriminator's share of right answers is called among the losses. */
export const DISCRIMINATOR_ACCURACY = 'discriminator accuracy'

/** Epochs below which nothing is said. */
const FEWEST = 4

/** Signs in a stage's epochs that its training did not go well, each with what to try. */
export function troubleIn(epochs: readonly DeepEpoch[]): string[] {
  if (epochs.length < FEWEST) return []
  const last = epochs.slice(-Math.ceil(epochs.length / 2))
  const name = epochs[0]!.stage
  const found: string[] = []
  const classification = epochs.map(({ losses }) => losses.classification)
  const least = Math.min(...classification.filter((loss) => loss !== undefined))
  const now = classification.at(-1)
  if (now !== undefined && now > 3 * least && now > 0.5) {
    found.push(
      `${name}: the source's own loss rose again, from ${least.toFixed(3)} to ${now.toFixed(3)}: the adaptation works against the task; lower its factor or learningRate`,
    )
  }
  const norms = epochs.flatMap(({ gradientNorm }) => (gradientNorm === null ? [] : [gradientNorm]))
  if (norms.length === epochs.length && norms.at(-1)! > 20 * middle(norms.slice(0, Math.ceil(norms.length / 2)))) {
    found.push(
      `${name}: the gradients grew to a norm of ${norms.at(-1)!.toPrecision(3)}: training diverges; lower learningRate or clipNorm`,
    )
  }
  const told = last.map(({ losses }) => losses[DISCRIMINATOR_ACCURACY])
  if (told.every((share) => share !== undefined && share > 0.98)) {
    found.push(
      `${name}: the discriminator told the domains apart with certainty (${percent(told)} % right) for ${told.length} epochs: the features do not become alike; give the adversarial loss a larger factor, or train the discriminator more slowly`,
    )
  }
  const ever = epochs.map(({ losses }) => losses[DISCRIMINATOR_ACCURACY])
  const [first, ending] = [epochs[0]!.discrepancy, epochs.at(-1)!.discrepancy]
  const unmoved = first !== null && ending !== null && ending > 0.9 * first
  if (unmoved && ever.every((share) => share !== undefined && Math.abs(share - 0.5) < 0.03)) {
    found.push(
      `${name}: the discriminator guessed from the first epoch to the last (${percent(ever)} % right) while the discrepancy stayed: it taught nothing; raise learningRate or the discriminator's width`,
    )
  }
  return found
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const percent = (shares: readonly (number | undefined)[]): string =>
  (100 * middle(shares.map((share) => share ?? 0))).toFixed(0)
