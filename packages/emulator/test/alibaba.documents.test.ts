/** The vendor's two programs as data, step by step with pop-core: statuses, answers and error table as the documents have them. */
import { describe, expect, it } from '@jest/globals';
import { CODES } from '../src/alibaba/errorCodes.js';
import { MESSAGES } from '../src/alibaba/errorMessages.js';
import { DOCUMENTS, follow, membersOf } from './alibabaDocuments.js';
import { port } from './alibabaInterfaces.js';
import { data, emulator, emulatorPerFile, vpc, web } from './alibabaWire.js';

emulatorPerFile(3);

const GIVEN = {
  'first.router': web.router,
  'first.table': web.routeTable,
  'second.router': data.router,
  'second.table': data.routeTable,
  port: port.id,
  accessPoint: port.accessPoint,
  gatewayIp: '116.62.10.254',
};

/** Since 2019, when the documents were written, a created route has an id and a route table a status. */
const SINCE: Readonly<Record<string, readonly string[]>> = {
  CreateRouteEntry: ['RouteEntryId'],
  DescribeRouteTables: ['RouteTables.RouteTable[].Status'],
};

describe('the programs of docs/facts/alibaba.md 11', () => {
  it.each(['11.1', '11.2'] as const)(
    '%s goes up and comes down, and every answer has the printed members',
    async (of) => {
      const { steps } = DOCUMENTS.programs[of];
      expect(steps).toHaveLength({ '11.1': 15, '11.2': 18 }[of]);
      const made = await follow(steps, GIVEN, vpc, () => emulator.clock.advance(1_000));
      for (const { step, answer } of made) {
        const printed = [...step.answer, ...(SINCE[step.action] ?? [])].sort();
        expect([step.heading, membersOf(answer)]).toEqual([step.heading, printed]);
      }
      expect(await vpc('DescribeRouterInterfaces')).toMatchObject({ TotalCount: 0 });
      expect(await vpc('DescribeVirtualBorderRouters')).toMatchObject({ TotalCount: 0 });
    },
  );
});

describe('the error table of docs/facts/alibaba.md 11.3', () => {
  const { errorStatus, errors } = DOCUMENTS.references['11.3'];

  it('has 24 codes, all of one status', () => {
    expect([Object.keys(errors).length, errorStatus]).toEqual([24, 400]);
  });

  it.each(Object.entries(errors))('%s is known with its status and text', (code, message) => {
    expect([CODES[400].includes(code as never), MESSAGES[code as keyof typeof MESSAGES]]).toEqual([true, message]);
  });
});
