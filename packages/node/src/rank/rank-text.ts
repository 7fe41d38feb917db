import { basename } from 'node:path'
import { textTable } from '../cli/text-table.ts'
import type { RankedModel, Ranking } from './rank-call.ts'

/** A ranking for people: a line per model or layer, best first, and what the numbers mean. */
export function rankText({ train, scores, models, seconds }: Ranking): string {
  const layers = new Set(models.map(({ model }) => model)).size < models.length
  const shown = shortNames(models)
  const what = train.task === 'regression' ? 'numbers to predict' : `${train.classes.length} classes`
  const table = textTable(models, [
    { title: 'RANK', align: 'right', cell: ({ rank }) => `${rank}` },
    { title: 'MODEL', cell: ({ model }) => shown(model) },
    ...(layers ? [{ title: 'LAYER', cell: ({ block }: RankedModel) => block }] : []),
    { title: 'FEATURES', cell: ({ features }) => features },
    { title: 'SIZE', align: 'right', cell: ({ width }) => `${width}` },
    ...scores.map(({ id }) => ({
      title: id.toUpperCase(),
      align: 'right' as const,
      cell: (model: RankedModel) => numberText(model.scores[id] ?? null),
    })),
    { title: 'MEAN PLACE', align: 'right', cell: ({ meanPlace }) => meanPlace.toFixed(2) },
  ])
  return [
    `${train.file}: ${train.rows} rows, ${what}`,
    table,
    [
      ...(models.length > 1
        ? [
            'Higher is better in every score. Models are ranked by their mean place: in each score the best has place 0 and the last 1, and the places that a model has are averaged.',
          ]
        : [
            'Higher is better in every score; they rank models or layers, so give two or more with --models, or --layers.',
          ]),
      ...missingText(models, shown),
      `${seconds.features.toFixed(1)} s for features, ${seconds.scores.toFixed(1)} s for scores.`,
    ].join('\n'),
  ].join('\n\n')
}

const numberText = (value: number | null): string =>
  value === null ? '-' : value.toFixed(Math.abs(value) < 100 ? 3 : 1)

/** Files by their last part, where that tells them apart. */
function shortNames(models: readonly RankedModel[]): (file: string) => string {
  const files = [...new Set(models.map(({ model }) => model))]
  const short = new Set(files.map((file) => basename(file)))
  return (file) => (short.size === files.length ? basename(file) : file)
}

/** Why a score is missing: once for each reason and the lines that it holds for. */
function missingText(models: readonly RankedModel[], shown: (file: string) => string): string[] {
  const byReason = new Map<string, { ids: Set<string>; files: Set<string> }>()
  for (const { model, missing } of models) {
    for (const [id, reason] of Object.entries(missing)) {
      const entry = byReason.get(reason) ?? { ids: new Set(), files: new Set() }
      entry.ids.add(id)
      entry.files.add(shown(model))
      byReason.set(reason, entry)
    }
  }
  return [...byReason].map(
    ([reason, { ids, files }]) => `- in ${[...ids].join(', ')} of ${[...files].join(', ')}: ${reason}.`,
  )
}
