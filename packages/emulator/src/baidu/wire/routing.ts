/** Which operation a request means: method and path, then the action flag in the query. Source: docs/facts/baidu.md 3.1, checked 2026-11. */
import { uriDecode } from '../auth/bceAuthV1.js';
import { bceError } from '../errors.js';
import type { BaiduOperation } from '../describe/parameters.js';
import type { WireError } from '../../machine/wireError.js';

interface Match {
  readonly operation: BaiduOperation;
  readonly path: Readonly<Record<string, string>>;
}

type Routed =
  | { readonly kind: 'match'; readonly match: Match; readonly flags: readonly string[] }
  | { readonly kind: 'refused'; readonly error: WireError };

interface Template {
  readonly operation: BaiduOperation;
  readonly segments: readonly string[];
}

export class Router {
  readonly #templates: readonly Template[];

  constructor(operations: readonly BaiduOperation[]) {
    this.#templates = operations
      .map((operation) => ({ operation, segments: operation.path.split('/') }))
      // literal segments win over parameters: /v1/peerconn/{id}/deleteProtect is longer, /v1/vpc/openRelay/{id} literal
      .sort((a, b) => parameters(a) - parameters(b));
  }

  /**
   * @param query decoded pairs. The first action flag that is present, with any value, selects; none selects the
   * operation without a flag. `flags` names all that were present.
   */
  route(method: string, path: string, query: readonly (readonly [string, string])[]): Routed {
    const segments = path.split('/').map(uriDecode);
    const version = segments[1] ?? '';
    if (/^v\d+$/.test(version) && version !== 'v1') return { kind: 'refused', error: bceError('InvalidVersion') };
    const sameShape = this.#templates.filter(
      (template) => template.operation.method === method && fits(template, segments),
    );
    const [first] = sameShape;
    if (first === undefined) return { kind: 'refused', error: bceError('InvalidURI') };
    const candidates = sameShape.filter(({ operation }) => operation.path === first.operation.path);
    const known = new Set(candidates.flatMap(({ operation }) => operation.flag ?? []));
    const flags = [...new Set(query.map(([key]) => key).filter((key) => known.has(key)))];
    const chosen = candidates.find(({ operation }) => operation.flag === flags[0]);
    if (chosen === undefined) {
      const wanted = [...known].join(', ');
      return {
        kind: 'refused',
        error: bceError('BadRequest', `The request needs one of these in its query: ${wanted}.`),
      };
    }
    return { kind: 'match', match: { operation: chosen.operation, path: captured(chosen, segments) }, flags };
  }
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

const parameters = ({ segments }: Template): number => segments.filter(isParameter).length;

function fits({ segments }: Template, given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, index) => (isParameter(segment) ? given[index] !== '' : segment === given[index]))
  );
}

function captured({ segments }: Template, given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    segments.flatMap((segment, index) => (isParameter(segment) ? [[segment.slice(1, -1), given[index] ?? '']] : [])),
  );
}
