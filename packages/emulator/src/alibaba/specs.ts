/**
 * Router interface specifications and what they give (docs/facts/alibaba.md 5.2). Large.2 is 2048 in what the vendor's programs print (11)
 * and 2000 in the documentation's table; the others are the table's.
 */
export const SPECS: Readonly<Record<string, number>> = {
  'Mini.2': 2,
  'Mini.5': 5,
  'Small.1': 10,
  'Small.2': 20,
  'Small.5': 50,
  'Middle.1': 100,
  'Middle.2': 200,
  'Middle.5': 500,
  'Large.1': 1_000,
  'Large.2': 2_048,
  'Large.5': 5_000,
  'Xlarge.1': 10_000,
  Negative: 0,
};
