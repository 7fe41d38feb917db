import { oneLine, textTable } from '../cli/text-table.ts'
import type { FewShotSummary } from './few-shot-summary.ts'

/** How many classes are named at most. */
const NAMED = 8

/** What the console says of a few rows of each class, line by line; `rows` is what they are called: images, rows. */
export function fewShotText(summary: FewShotSummary, rows = 'rows'): string[] {
  const { episodes, classifiers, chosen, shots } = summary
  const fitted = `fitted on ${summary.rows} ${rows}, at most ${shots} of each class.`
  if (episodes === null) {
    return [
      `Fewer than two classes have as many as ${shots + 1} ${rows}: with none left to score, nothing says how good this is.`,
      `${chosen.name}, ${fitted}`,
    ]
  }
  const { count, ways, queries } = episodes
  const best = classifiers[0]!
  const reason = chosen.name === best.name ? ', the most accurate' : ', as asked'
  return [
    `${count} episodes of ${ways} classes: ${shots} ${rows} of each to fit on, up to ${queries} others to score.`,
    ...textTable(classifiers, [
      { title: 'CLASSIFIER', cell: ({ name }) => name },
      { title: 'ACCURACY', align: 'right', cell: ({ accuracy, halfWidth }) => within(accuracy, halfWidth) },
      {
        title: 'BEHIND THE BEST',
        align: 'right',
        cell: ({ behind }) => (behind === null ? '' : within(behind.accuracy, behind.halfWidth)),
      },
    ]).split('\n'),
    `Percent, with 95% confidence intervals over episodes of these ${rows}; all classifiers had the same episodes.`,
    ...tooSmallText(summary, rows),
    `${chosen.name}${reason}, ${fitted}`,
  ]
}

/** `94.6 ± 0.4`, in percent. */
const within = (share: number, halfWidth: number): string =>
  `${(100 * share).toFixed(1)} ± ${(100 * halfWidth).toFixed(1)}`

function tooSmallText({ tooSmall, shots }: FewShotSummary, rows: string): string[] {
  if (tooSmall.length === 0) return []
  const named = tooSmall.slice(0, NAMED).map((each) => `${oneLine(each.name)} (${each.rows})`)
  const more = tooSmall.length > NAMED ? ` and ${tooSmall.length - NAMED} more` : ''
  return [`In no episode, for want of ${shots + 1} ${rows}: ${named.join(', ')}${more}.`]
}
