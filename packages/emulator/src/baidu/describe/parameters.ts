/** How a Baidu operation is described: method, path, action flag, and where each parameter travels. */
import { CHINESE, DIGITS, LETTERS } from '../../machine/textRule.js';
import type { TextRule } from '../../machine/textRule.js';
import type { OperationDescription, ParameterDescription } from '../../machine/description.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface BaiduOperation extends OperationDescription {
  readonly method: Method;
  /** Segments; `{name}` stands for a path parameter, e.g. '/v1/peerconn/{peerConnId}'. */
  readonly path: string;
  /** Valueless query key that selects this operation among those of the same method and path. */
  readonly flag?: string;
  readonly query: readonly ParameterDescription[];
  /** Undefined: the operation takes no body and ignores one that is sent. */
  readonly body: readonly ParameterDescription[] | undefined;
}

/** The vendor's SDKs that drive operations in our tests. */
const SDKS = { python: 'bce-python-sdk', go: 'bce-sdk-go', java: 'bce-java-sdk', js: '@baiducloud/sdk' } as const;
type Sdk = keyof typeof SDKS;
/** The JavaScript SDK has no functions for these products: a part of them is driven through its generic call. */
export const ALL_SDKS: readonly Sdk[] = ['python', 'go', 'java', 'js'];
/** What the Java SDK has no function for. */
export const NOT_JAVA: readonly Sdk[] = ['python', 'go'];

export interface Sketch {
  readonly method: Method;
  readonly path: string;
  readonly flag?: string;
  readonly query?: readonly ParameterDescription[];
  readonly body?: readonly ParameterDescription[];
  /** True: the vendor's request schema demands a `clientToken`; the rule `baidu.clientToken.demanded` can lift it. */
  readonly tokenRequired?: boolean;
  readonly source: string;
  /** SDKs that drive it in our tests; absent: Python, Go and Java. The witness tests compare this with what they saw. */
  readonly sdks?: readonly Sdk[];
}

const CLIENT_TOKEN: ParameterDescription = {
  name: 'clientToken',
  type: 'text',
  min: 1,
  max: 64,
  pattern: /^[\x21-\x7e]*$/,
};

/**
 * Fills in what follows from the method and the path. `negativeTested` holds for all: a test sends each operation a call
 * that it must refuse. Every change takes a clientToken, in the query only (docs/facts/baidu.md 1.8).
 */
export function describe(product: string, name: string, sketch: Sketch): BaiduOperation {
  const { method, path, flag, body, source } = sketch;
  const mutating = method !== 'GET';
  const token = sketch.tokenRequired === true ? required(CLIENT_TOKEN) : CLIENT_TOKEN;
  const query = [...(sketch.query ?? []), ...(mutating ? [token] : [])];
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']): ParameterDescription => ({
    name: parameter,
    type: 'text',
  }));
  return {
    name,
    product,
    method,
    path,
    ...(flag === undefined ? {} : { flag }),
    query,
    body,
    mutating,
    parameters: [...inPath, ...query, ...(body ?? [])],
    permission: `vpc:${name}`,
    ...(mutating ? { token: 'clientToken' } : {}),
    source,
    evidence: { clients: (sketch.sdks ?? ['python', 'go', 'java']).map((sdk) => SDKS[sdk]), negativeTested: true },
  };
}

export const text = (name: string, more: Partial<ParameterDescription> = {}): ParameterDescription => ({
  name,
  type: 'text',
  ...more,
});
export const required = (parameter: ParameterDescription): ParameterDescription => ({ ...parameter, required: true });
export const integer = (name: string, more: Partial<ParameterDescription> = {}): ParameterDescription => ({
  name,
  type: 'integer',
  ...more,
});
export const flag = (name: string): ParameterDescription => ({ name, type: 'boolean' });
export const texts = (name: string): ParameterDescription => ({ name, type: 'list', item: { name: '', type: 'text' } });

const TAG_ALPHABET = `${LETTERS}${DIGITS}${CHINESE}\\-_ /.`;

/**
 * The rules for texts that a user chooses: docs/facts/baidu.md 3.1.1 (tags), 3.2 (networks), 3.5 (gateways), 5
 * (descriptions; peer connections have no documented limit, so theirs is a rule switch).
 */
export const TEXT_RULES = {
  /** Letters, digits, underscore; the SDKs' own tests send hyphens, so those pass too. */
  networkName: { min: 1, max: 65, alphabet: `${LETTERS}${DIGITS}${CHINESE}_\\-/.` },
  gatewayName: { min: 1, max: 65, first: LETTERS, alphabet: `${LETTERS}${DIGITS}\\-_/.` },
  description: { min: 0, max: 200 },
  tagKey: { min: 1, max: 65, alphabet: TAG_ALPHABET },
  tagValue: { min: 0, max: 65, alphabet: TAG_ALPHABET },
} as const satisfies Readonly<Record<string, TextRule>>;

export const description = text('description', { rule: TEXT_RULES.description });

/** Taken from clients that send it, in whatever type, and without effect here. */
export const ignored = (name: string): ParameterDescription => ({ name, type: 'value', ignored: true });

export const tags: ParameterDescription = {
  name: 'tags',
  type: 'list',
  item: {
    name: '',
    type: 'object',
    fields: [required(text('tagKey', { rule: TEXT_RULES.tagKey })), text('tagValue', { rule: TEXT_RULES.tagValue })],
  },
};

/** docs/facts/baidu.md 1.9. The range of maxKeys is a rule switch, so it is checked by the pager. */
export const paging: readonly ParameterDescription[] = [text('marker'), text('maxKeys')];
