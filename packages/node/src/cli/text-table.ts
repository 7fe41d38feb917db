/** One column of a text table. */
export interface TextColumn<Row> {
  readonly title: string
  /** Default `left`; numbers read better on the right. */
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string
}

/** Rows as aligned columns of text, titles first, two blanks between columns, no blanks at the ends of lines. */
export function textTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => column.cell(row)))]
  const widths = columns.map((_, j) => Math.max(...cells.map((line) => line[j]!.length)))
  return cells
    .map((line) =>
      line
        .map((cell, j) => (columns[j]!.align === 'right' ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
