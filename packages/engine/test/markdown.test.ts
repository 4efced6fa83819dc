/** The plan as Markdown, for a comment that others read: what somebody wrote stays text, and the comment fits. */
import { describe, expect, it } from '@jest/globals';
import { renderPlan, type Plan, type PlanStep } from '@peerway/engine';

const step = (object: string, reason = 'it is declared and does not exist'): PlanStep => ({
  id: object,
  action: 'delete',
  object,
  connection: 'web-data',
  reason,
  needs: [],
  work: { verb: 'link.delete', provider: 'ali', link: 'vbr-1' as never, leaving: false },
});

const planOf = (parts: Partial<Plan>): Plan => ({
  version: 1,
  stack: 'shop',
  mode: 'apply',
  prune: 'sync',
  targets: [],
  fingerprint: 'f',
  drift: [],
  summary: { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 },
  steps: [],
  problems: [],
  ...parts,
});

describe('a plan as Markdown', () => {
  it.each([
    ['a cell', 'a | b', 'a \\| b'],
    ['a line', 'a\n## done\r\n| x |', 'a ## done \\| x \\|'],
    ['HTML', '<img src=x onerror=y>', '\\<img src=x onerror=y\\>'],
    ['a link', '[log in](http://evil.example)', '\\[log in\\](http:<!-- -->//evil.example)'],
    ['a bare address', 'see WWW.evil.example', 'see WWW<!-- -->.evil.example'],
    ['a person', 'ask @octocat', 'ask @<!-- -->octocat'],
    ['an issue', 'closes #12', 'closes #<!-- -->12'],
    ['code and emphasis', '`rm` *now* __all__ ~~x~~ $y$', '\\`rm\\` \\*now\\* \\_\\_all\\_\\_ \\~\\~x\\~\\~ \\$y\\$'],
    ['an escape of its own', 'a\\| b', 'a\\\\\\| b'],
    ['a reference', '&lt;b&gt;', '\\&lt;b\\&gt;'],
  ])('%s in a text is no more than text', (_what, text, shown) => {
    const steps = [step(text, text)];
    expect(renderPlan(planOf({ steps }), 'markdown')).toContain(`\n| web-data | delete | ${shown} | ${shown} |\n`);
    const problems = [{ kind: 'bad-name', severity: 'error', object: text, message: text, remedy: text } as const];
    expect(renderPlan(planOf({ problems }), 'markdown')).toContain(`\n- **${shown}**: ${shown}. ${shown}\n`);
  });

  it('keeps a name in code letters whatever it holds', () => {
    expect(renderPlan(planOf({ stack: 'a`b\n# c' }), 'markdown').split('\n')[0]).toBe("## Plan of stack `a'b # c`");
  });

  it('fits a comment of GitHub, says what it leaves out and never leaves out all problems', () => {
    const steps = Array.from({ length: 3000 }, (_, at) => step(`peering ${String(at)}`));
    const problems = Array.from({ length: 500 }, (_, at) => ({
      kind: 'bad-name' as const,
      severity: 'error' as const,
      object: `c${String(at)}`,
      message: 'm'.repeat(60),
      remedy: 'r'.repeat(60),
    }));
    const markdown = renderPlan(planOf({ steps, problems }), 'markdown');
    expect(markdown.length).toBeLessThan(61_000);
    const rows = markdown.match(/^\| web-data /gm)?.length ?? 0;
    expect(rows).toBeGreaterThan(500);
    expect(markdown).toContain(`\n${String(3000 - rows)} more steps; all of them: \`peerway plan\`\n`);
    const listed = markdown.match(/^- \*\*c/gm)?.length ?? 0;
    expect(listed).toBeGreaterThan(50);
    expect(markdown).toContain(`\n- ${String(500 - listed)} more; all of them: \`peerway plan\``);
  });

  it('shows a small plan whole', () => {
    const markdown = renderPlan(planOf({ steps: [step('peering 1')] }), 'markdown');
    expect(markdown).not.toContain('more');
  });
});
