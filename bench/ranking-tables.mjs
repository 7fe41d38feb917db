/** Correlations of scores with accuracy, and the tables of docs/ranking-backbones.md. */
import { combineRanks, kendallCorrelation, pearsonCorrelation, transferabilityScores } from 'graft-learn'

const ids = transferabilityScores.map(({ id }) => id)
const featureIds = transferabilityScores.filter(({ needs }) => needs === 'features').map(({ id }) => id)
/** What `graft rank` orders by. */
const TOGETHER = 'mean place'
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length
const finite = (list) => list.filter((value) => Number.isFinite(value))

/** Rows of each domain and backbone, by both names. */
function byPair(rows) {
  const groups = new Map()
  for (const row of rows) {
    const name = `${row.domain} ${row.backbone}`
    if (!groups.has(name)) groups.set(name, [])
    groups.get(name).push(row)
  }
  return groups
}

/** Means over the seeds: one entry for each domain and backbone. */
function overSeeds(rows) {
  const groups = byPair(rows)
  return [...groups.values()].map((group) => {
    const [{ domain, backbone, scores, accuracy }] = group
    const average = (pick) => mean(group.map(pick))
    return {
      domain,
      backbone,
      scores: Object.fromEntries(
        Object.keys(scores).map((id) => [id, scores[id] === null ? null : average((row) => row.scores[id])]),
      ),
      accuracy: Object.fromEntries(Object.keys(accuracy).map((kind) => [kind, average((row) => row.accuracy[kind])])),
    }
  })
}

/** The candidates of a domain with their places in all scores together, the sign turned: higher is better. */
function withPlaces(entries) {
  const places = combineRanks(ids.map((id) => entries.map(({ scores }) => scores[id])))
  return entries.map((entry, i) => ({ ...entry, scores: { ...entry.scores, [TOGETHER]: -places[i].meanPlace } }))
}

/**
 * For each kind of accuracy and each score: Kendall's and Pearson's correlation in each domain, the mean of both over the
 * domains, and Pearson's over all pairs less their domain's means (`pooled`). `null` where fewer than two have the score.
 */
function correlations(candidates, kind, used) {
  const domains = [...new Set(candidates.map(({ domain }) => domain))]
  const entries = domains.flatMap((domain) => withPlaces(candidates.filter((entry) => entry.domain === domain)))
  return Object.fromEntries(
    [...used, TOGETHER].map((id) => {
      const byDomain = {}
      const pooled = { score: [], accuracy: [] }
      for (const domain of domains) {
        const there = entries.filter((entry) => entry.domain === domain && entry.scores[id] !== null)
        if (there.length < 2) continue
        const score = there.map(({ scores }) => scores[id])
        const accuracy = there.map((entry) => entry.accuracy[kind])
        byDomain[domain] = {
          candidates: there.length,
          kendall: kendallCorrelation(score, accuracy),
          pearson: pearsonCorrelation(score, accuracy),
        }
        pooled.score.push(...score.map((value) => value - mean(score)))
        pooled.accuracy.push(...accuracy.map((value) => value - mean(accuracy)))
      }
      const all = Object.values(byDomain)
      if (all.length === 0) return [id, null]
      return [
        id,
        {
          byDomain,
          kendall: mean(finite(all.map(({ kendall }) => kendall))),
          pearson: mean(finite(all.map(({ pearson }) => pearson))),
          pooled: pearsonCorrelation(pooled.score, pooled.accuracy),
        },
      ]
    }),
  )
}

/** `backbones[size][kind]`, and `layers` where there are any. */
export function correlate({ rows, layers, sizes, kinds }) {
  const ofSize = (size) => {
    const entries = overSeeds(rows.filter((row) => row.size === size))
    return Object.fromEntries(kinds.map((kind) => [kind, correlations(entries, kind, ids)]))
  }
  return {
    backboneCorrelation: Object.fromEntries(sizes.map((size) => [size, ofSize(size)])),
    layerCorrelation: layers.length === 0 ? null : correlations(layers, 'frozen', featureIds),
  }
}

/** The first columns, `left` of them, hold words. */
function table(head, body, left = 1) {
  const rule = head.map((_, i) => (i < left ? '---' : '---:'))
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
const number = (value, digits = 2) =>
  value === null || !Number.isFinite(value)
    ? '–'
    : (value + 0)
        .toFixed(digits)
        .replace(/^-(?=[0.]*$)/, '')
        .replace('-', '−')

/** Spread over the seeds. */
function deviation(list) {
  const centre = mean(list)
  return list.length < 2
    ? Number.NaN
    : Math.sqrt(list.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (list.length - 1))
}

/** Scores and accuracies, a line per domain and backbone. */
function scoreTable(rows, kinds) {
  const groups = byPair(rows)
  const body = overSeeds(rows).map((entry) => {
    const group = groups.get(`${entry.domain} ${entry.backbone}`)
    const percent = (kind) => {
      const shares = group.map(({ accuracy }) => 100 * accuracy[kind])
      return group.length === 1
        ? number(mean(shares), 1)
        : `${number(mean(shares), 1)} ± ${number(deviation(shares), 1)}`
    }
    return [entry.domain, entry.backbone, ...kinds.map(percent), ...ids.map((id) => number(entry.scores[id], 3))]
  })
  return table(['domain', 'backbone', ...kinds.map((kind) => names[kind]), ...ids], body, 2)
}

const names = { frozen: 'logistic regression, %', tuned: 'last quarter tuned, %', full: 'fine-tuned, %' }

function correlationTable(found, domains) {
  const cell = (one) => (one === undefined ? '–' : `${number(one.kendall)} / ${number(one.pearson)}`)
  return table(
    ['score', 'candidates', ...domains, 'mean', 'Pearson, pooled'],
    Object.entries(found).map(([id, one]) => {
      const name = id === TOGETHER ? id : `\`${id}\``
      if (one === null) return [name, '–', ...domains.map(() => '–'), '–', '–']
      const counts = [...new Set(Object.values(one.byDomain).map(({ candidates }) => candidates))]
      return [
        name,
        counts.join(', '),
        ...domains.map((domain) => cell(one.byDomain[domain])),
        cell(one),
        number(one.pooled),
      ]
    }),
  )
}

/** The parts of the document, by the names of their markers. */
export function rankingTables({ rows, kinds, sizes, domains, seeds, backboneCorrelation, layerCorrelation }) {
  const parts = {}
  for (const size of sizes) {
    const ofSize = rows.filter((row) => row.size === size)
    const split = domains.map((domain) => {
      const row = ofSize.find((each) => each.domain === domain)
      return `${domain} ${row.training} (${row.perClass} per class) and ${row.test}`
    })
    parts[`backbones-${size}`] = [
      `Images to score and learn from, and to predict: ${split.join(', ')}. Means over ${seeds} random ${seeds === 1 ? 'split' : 'splits'}.`,
      scoreTable(ofSize, kinds),
      ...kinds.flatMap((kind) => [
        `Kendall’s / Pearson’s correlation with the accuracy, ${names[kind].replace(', %', '')}:`,
        correlationTable(backboneCorrelation[size][kind], domains),
      ]),
    ].join('\n\n')
  }
  if (layerCorrelation !== null) parts.layers = correlationTable(layerCorrelation, domains)
  return parts
}

export const rankingText = (result) => Object.values(rankingTables(result)).join('\n\n')
