// What a run shows: each survivor with its place and the lines before and after, and the score of every file.

/** 95 % interval of a share seen in a sample (Wilson), in percent. */
function interval(hits, size) {
  const z = 1.96;
  const share = hits / size;
  const middle = share + (z * z) / (2 * size);
  const spread = z * Math.sqrt((share * (1 - share)) / size + (z * z) / (4 * size * size));
  const part = 1 + (z * z) / size;
  return [Math.max(0, (middle - spread) / part), Math.min(1, (middle + spread) / part)].map((one) =>
    (one * 100).toFixed(1),
  );
}

export function printSurvivor({ file, text, start, end, operator, replacement, outcome, id, untried }) {
  const line = text.slice(0, start).split('\n').length;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next === -1 ? text.length : next;
  const before = text.slice(from, to).split('\n');
  const after = (text.slice(from, start) + replacement + text.slice(end, to)).split('\n');
  const rest = untried === undefined ? '' : `, ${untried} tests were not run`;
  console.log(`\n${file}:${line}  ${operator}, ${outcome}${rest}  (${id})`);
  for (const one of before.slice(0, 6)) console.log(`- ${one.trim()}`);
  if (replacement === '' || replacement === ';')
    console.log(`+ without: ${text.slice(start, end).replace(/\s+/g, ' ').slice(0, 100)}`);
  else for (const one of after.slice(0, 6)) console.log(`+ ${one.trim()}`);
}

export function printReport(results, total) {
  const files = new Map();
  for (const { file, outcome } of results) {
    const row = files.get(file) ?? { killed: 0, survived: 0, 'not executed': 0, equivalent: 0 };
    row[outcome] += 1;
    files.set(file, row);
  }
  const share = ({ killed, survived, 'not executed': unseen }) => {
    const counted = killed + survived + unseen;
    return counted === 0 ? '-' : `${((killed / counted) * 100).toFixed(0)} %`;
  };
  const line = (name, row) =>
    `${name.padEnd(58)}${[row.killed, row.survived, row['not executed'], row.equivalent].map((one) => String(one).padStart(7)).join('')}${share(row).padStart(8)}`;
  console.log(`\n${'file'.padEnd(58)} killed survived unseen  equiv   score`);
  const sum = { killed: 0, survived: 0, 'not executed': 0, equivalent: 0 };
  for (const [file, row] of [...files].sort(([a], [b]) => a.localeCompare(b))) {
    console.log(line(file.replace(/^packages\//, ''), row));
    for (const key of Object.keys(sum)) sum[key] += row[key];
  }
  console.log(line('all', sum));
  const counted = sum.killed + sum.survived + sum['not executed'];
  if (counted === 0) return;
  const [low, high] = interval(sum.killed, counted);
  const whole = results.length === total ? '' : `; of all ${total} between ${low} and ${high} % (95 %)`;
  console.log(`score ${((sum.killed / counted) * 100).toFixed(1)} % of ${counted}${whole}`);
}
