/** Columns of text, padded to the widest cell of each; colours take no room. Cells hold one line. */

/** What paint adds around a text. */
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/g;

const widthOf = (text: string): number => [...text.replaceAll(COLOUR, '')].length;

/** One line per row, without blanks at its end; empty for no rows. Rows may be of different lengths. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
    });
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}
