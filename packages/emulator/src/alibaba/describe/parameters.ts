/** Building blocks of the descriptions: the shapes that recur in Alibaba's operations (docs/facts/alibaba.md 1.4 and 3.0). */
import type { OperationDescription, ParameterDescription } from '../../machine/description.js';
import { CHINESE, DIGITS, LETTERS } from '../../machine/textRule.js';
import type { TextRule } from '../../machine/textRule.js';

type Options = Omit<ParameterDescription, 'name' | 'type'>;

export const text = (name: string, options: Options = {}): ParameterDescription => ({ name, type: 'text', ...options });
export const integer = (name: string, options: Options = {}): ParameterDescription => ({
  name,
  type: 'integer',
  ...options,
});
export const flag = (name: string): ParameterDescription => ({ name, type: 'boolean' });
export const digits = (name: string, options: Options = {}): ParameterDescription => ({
  name,
  type: 'digits',
  ...options,
});
/** Taken and without effect here. */
export const ignored = (name: string): ParameterDescription => ({ name, type: 'value', ignored: true });
export const required = (field: ParameterDescription): ParameterDescription => ({ ...field, required: true });

export const texts = (name: string, options: Options = {}): ParameterDescription => ({
  name,
  type: 'list',
  item: text('item'),
  ...options,
});

export const objects = (
  name: string,
  fields: readonly ParameterDescription[],
  options: Options = {},
): ParameterDescription => ({
  name,
  type: 'list',
  item: { name: 'item', type: 'object', fields },
  ...options,
});

const URLS = ['http://', 'https://'];
const RESERVED_TAGS = ['aliyun', 'acs:'];
const LETTER = LETTERS + CHINESE;

/**
 * The rules for names and descriptions, by the operations that document them: docs/facts/alibaba.md 11.3 for VpcPeer, the comments of
 * @alicloud/vpc20160428 7.3.2 (checked 2026-11) for Vpc. Newer operations have dropped the rule for the first character.
 */
const TEXT_RULES = {
  /** CreateVpcPeerConnection, border routers, and router interfaces when they are changed. */
  name: { min: 2, max: 128, first: LETTER, alphabet: `${LETTER}${DIGITS}_\\-`, notAtStart: URLS },
  /** CreateRouterInterface: periods as well. */
  nameWithPeriods: { min: 2, max: 128, first: LETTER, alphabet: `${LETTER}${DIGITS}._\\-`, notAtStart: URLS },
  newerName: { min: 1, max: 128, notAtStart: URLS },
  description: { min: 2, max: 256, first: LETTER, notAtStart: URLS },
  newerDescription: { min: 1, max: 256, notAtStart: URLS },
  tagKey: { min: 1, max: 128, notAtStart: RESERVED_TAGS, nowhere: URLS },
  tagValue: { min: 0, max: 128, notAtStart: RESERVED_TAGS, nowhere: URLS },
} as const satisfies Readonly<Record<string, TextRule>>;

type NameRule = 'name' | 'nameWithPeriods' | 'newerName';
type DescriptionRule = 'description' | 'newerDescription';

export const nameField = (name: string, rule: NameRule, code = 'InvalidName.Malformed'): ParameterDescription =>
  text(name, { rule: TEXT_RULES[rule], codes: { range: code, pattern: code, type: code } });

export const descriptionField = (rule: DescriptionRule, code = 'InvalidDescription.Malformed'): ParameterDescription =>
  text('Description', { rule: TEXT_RULES[rule], codes: { range: code, pattern: code, type: code } });

export const regionId = text('RegionId');
export const clientToken = text('ClientToken', { max: 64, pattern: /^[\x20-\x7e]*$/ });
export const dryRun = flag('DryRun');
export const resourceGroupId = text('ResourceGroupId');

/** `Tag.N.Key`, `Tag.N.Value` (or `Tags.N…`), at most 20. */
export const tagList = (name: 'Tag' | 'Tags', tooMany = 'QuotaExceeded.TagNum'): ParameterDescription =>
  objects(
    name,
    [
      text('Key', {
        required: true,
        rule: TEXT_RULES.tagKey,
        codes: { missing: 'InvalidTagKey', range: 'InvalidTagKey', pattern: 'InvalidTagKey' },
      }),
      text('Value', { rule: TEXT_RULES.tagValue, codes: { range: 'InvalidTagValue', pattern: 'InvalidTagValue' } }),
    ],
    { max: 20, codes: { range: tooMany } },
  );

/** Tags as a filter: the same shape without the rules for new tags. */
export const tagFilter = (name: 'Tag' | 'Tags'): ParameterDescription =>
  objects(name, [text('Key'), text('Value')], { max: 20 });

/** At most 5 filters of at most 5 values. */
export const filters = objects('Filter', [text('Key'), texts('Value', { max: 5 })], { max: 5 });

export const pages: readonly ParameterDescription[] = [
  integer('PageNumber', { min: 1 }),
  integer('PageSize', { min: 1, max: 50 }),
];

/** On most operations, from before resource access management; without effect. */
const LEGACY = ['OwnerId', 'OwnerAccount', 'ResourceOwnerId', 'ResourceOwnerAccount'].map(ignored);

type Described = Omit<OperationDescription, 'product' | 'permission' | 'evidence' | 'name'> &
  Partial<Pick<OperationDescription, 'evidence' | 'permission'>>;

/** The vendor's Go SDKs drive every operation of a product that they have. */
const goSdks = (product: string): readonly string[] =>
  product === 'Vpc' ? ['alibaba-cloud-sdk-go', 'alibabacloud-go/vpc-20160428'] : ['alibaba-cloud-sdk-go'];

/** Completes descriptions: product, permission, legacy parameters, and a RegionId that clients send unasked. */
export function describe<Names extends string>(
  product: string,
  permissionPrefix: string,
  operations: Readonly<Record<Names, Described>>,
): Readonly<Record<Names, OperationDescription>> {
  const entries = Object.entries<Described>(operations).map(([name, operation]) => {
    const { parameters, evidence = { clients: [], negativeTested: false } } = operation;
    const unasked = parameters.some((field) => field.name === 'RegionId') ? [] : [ignored('RegionId')];
    const complete: OperationDescription = {
      permission: `${permissionPrefix}:${name}`,
      ...operation,
      evidence: { ...evidence, clients: [...evidence.clients, ...goSdks(product)] },
      name,
      product,
      parameters: [...parameters, ...unasked, ...LEGACY],
    };
    return [name, complete] as const;
  });
  return Object.fromEntries(entries) as Record<Names, OperationDescription>;
}
