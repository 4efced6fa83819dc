/** What Temporal is asked for, so that nobody's runs are hidden behind those of others. */
import { describe, expect, it } from '@jest/globals';
import { Caller } from '../src/access/scope.js';
import { runQuery } from '../src/temporal/runList.js';

const RUNS = "WorkflowType = 'stackRun'";
const stacksOf = (...stacks: string[]) => new Caller('x', [{ stacks, verbs: ['read'] }]).stacksFor('read');

describe('the query of a list of runs', () => {
  it('names the stack, the state, and how the names begin that a token shows', () => {
    expect(runQuery({})).toBe(RUNS);
    expect(runQuery({ stack: 'shop', state: 'ended' })).toBe(
      `${RUNS} AND WorkflowId = 'run/shop' AND ExecutionStatus != 'Running'`,
    );
    expect(runQuery({ state: 'planning' })).toBe(`${RUNS} AND ExecutionStatus = 'Running'`);
    expect(runQuery({ stacks: stacksOf('shop', 'team-a-*', 'team-a-b') })).toBe(
      `${RUNS} AND (WorkflowId STARTS_WITH 'run/shop' OR WorkflowId STARTS_WITH 'run/team-a-')`,
    );
    expect(runQuery({ stacks: stacksOf('shop', '*-prod') })).toBe(RUNS);
  });

  it('is for nobody where a token shows nothing', () => {
    expect(runQuery({ stacks: stacksOf() })).toBe(`${RUNS} AND WorkflowId = ''`);
  });

  it('cannot be left by a quote, and does not become very long', () => {
    expect(runQuery({ stacks: stacksOf("a' OR 'b") })).toBe(`${RUNS} AND (WorkflowId STARTS_WITH 'run/a')`);
    const many = Array.from({ length: 60 }, (_, at) => `s${at}x`);
    expect(runQuery({ stacks: stacksOf(...many) })).toBe(RUNS);
  });

  it('lets through no more than the token shows, whatever it begins with', () => {
    const { fits } = stacksOf('shop', 'a*-prod');
    expect(['shop', 'shop-2', 'a-prod', 'ab-test', 'xa-prod'].filter(fits)).toEqual(['shop', 'a-prod']);
  });
});
