import { count, escapeHtml, percent } from '../text.ts'
import type { Mistake, ScoredReport } from './tuning-report.ts'

/** What a picture may be: the page loads nothing, and other data in a URI may be more than a picture. */
const PICTURE = /^data:image\/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/=]+$/

/** The style of `mistakesHtml`. */
export const mistakesStyle = `
.mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(136px,1fr));gap:20px 16px;margin:0;padding:0;list-style:none}
.mistakes img,.mistakes .nothing{display:block;width:112px;height:112px;object-fit:cover;border-radius:4px;background:var(--heat-1)}
.mistakes p{margin:6px 0 0;font-size:.82rem;line-height:1.35;overflow-wrap:anywhere}
@media print{.mistakes li{break-inside:avoid}}
`

/** The surest of the wrong predictions, as pictures where the rows are images, else as a list. */
export function mistakesHtml({ mistakes, wrong, rows }: ScoredReport): string {
  if (wrong === 0) return `<p>There is none: all ${escapeHtml(rows)} are predicted rightly.</p>`
  const shown =
    mistakes.length < wrong
      ? `The ${count(mistakes.length)} that the network was surest of, of ${count(wrong)} wrong ${escapeHtml(rows)}.`
      : `All ${count(wrong)} wrong ${escapeHtml(rows)}, the surest first.`
  return `<p>${shown}</p><ol class="mistakes">${mistakes.map(item).join('')}</ol>`
}

function item({ file, truth, predicted, probability, thumbnail }: Mistake): string {
  const said = `<strong>${escapeHtml(predicted)}</strong> at ${percent(probability)}, truly <strong>${escapeHtml(truth)}</strong>`
  const alt = escapeHtml(`${file}: ${predicted} at ${percent(probability)}, truly ${truth}`)
  const picture =
    thumbnail !== undefined && PICTURE.test(thumbnail)
      ? `<img src="${thumbnail}" alt="${alt}" width="112" height="112">`
      : ''
  return `<li>${picture}<p>${said}<br><span class="muted">${escapeHtml(file)}</span></p></li>`
}
