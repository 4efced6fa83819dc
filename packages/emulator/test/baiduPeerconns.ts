/** Peer connections step by step: views, actions, and links in the states that tests begin with. */
import { expect } from '@jest/globals';
import { aBj, at, bBj, create, createBody, network, OK, outcome, requested, settle, web } from './baiduWire.js';
import type { Answer, Wire } from './baiduWire.js';

export const DAY = 86_400_000;
export const far = network('a', 'gz', 'web');
export const foreignFar = network('b', 'gz', 'web');

export const see = async (by: Wire, id: string, role: string) => (await by.get(at(id), { role })).body;
export const act = (
  by: Wire,
  id: string,
  flag: string,
  body?: unknown,
  query: Record<string, string> = {},
): Promise<Answer> => by.put(at(id), { [flag]: '', ...query }, body);

export async function crossAccount(): Promise<string> {
  const id = await requested();
  expect(outcome(await act(bBj, id, 'accept'))).toEqual(OK);
  settle();
  return id;
}
export const prepaid = (length = 1): Promise<string> =>
  create(
    aBj,
    createBody(web, far, {
      billing: {
        paymentTiming: 'Prepaid',
        reservation: { reservationLength: length, reservationTimeUnit: 'Month' },
      },
    }),
  );
