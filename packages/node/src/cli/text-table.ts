/** One column of a text table. */
export interface TextColumn<Row> {
  readonly title: string
  /** Default `left`; numbers read better on the right. */
  readonly align?: 'left' | 'right'
  readonly cell: (row: Row) => string
}

/** A name from data as one line that no terminal takes for commands: control characters as `\n`, `\u001b`. */
export const oneLine = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  name.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) =>
    character < '\u007f' ? JSON.stringify(character).slice(1, -1) : `\\u00${character.charCodeAt(0).toString(16)}`,
  )

/** Rows as aligned columns of text, titles first, two blanks between columns, no blanks at the ends of lines. */
export function textTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = [
    columns.map((column) => oneLine(column.title)),
    ...rows.map((row) => columns.map((column) => oneLine(column.cell(row)))),
  ]
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
