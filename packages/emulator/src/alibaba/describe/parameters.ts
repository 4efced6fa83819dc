/** Building blocks of the descriptions: the shapes that recur in Alibaba's operations (docs/facts/alibaba.md 1.4 and 3.0). */
import type { OperationDescription, ParameterDescription } from '../../machine/description.js';

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

/** Names begin with a letter or a Chinese character; newer operations allow a single character. */
const NAME = /^(?!https?:\/\/)[A-Za-z\u4e00-\u9fff][\p{L}\p{N}._-]*$/u;
const DESCRIPTION = /^(?!https?:\/\/)/;

export const nameField = (name: string, min: 1 | 2, code = 'InvalidName.Malformed'): ParameterDescription =>
  text(name, { min, max: 128, pattern: NAME, codes: { range: code, pattern: code, type: code } });

export const descriptionField = (min: 1 | 2, code = 'InvalidDescription.Malformed'): ParameterDescription =>
  text('Description', { min, max: 256, pattern: DESCRIPTION, codes: { range: code, pattern: code, type: code } });

export const regionId = text('RegionId');
export const clientToken = text('ClientToken', { max: 64, pattern: /^[\x20-\x7e]*$/ });
export const dryRun = flag('DryRun');
export const resourceGroupId = text('ResourceGroupId');

const TAG_KEY = /^(?!aliyun|acs:)(?!.*https?:\/\/).+$/s;
const TAG_VALUE = /^(?!.*https?:\/\/).*$/s;

/** `Tag.N.Key`, `Tag.N.Value` (or `Tags.N…`), at most 20. */
export const tagList = (name: 'Tag' | 'Tags', tooMany = 'QuotaExceeded.TagNum'): ParameterDescription =>
  objects(
    name,
    [
      text('Key', {
        required: true,
        min: 1,
        max: 128,
        pattern: TAG_KEY,
        codes: { missing: 'InvalidTagKey', range: 'InvalidTagKey', pattern: 'InvalidTagKey' },
      }),
      text('Value', { max: 128, pattern: TAG_VALUE, codes: { range: 'InvalidTagValue', pattern: 'InvalidTagValue' } }),
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

/** Completes descriptions: product, permission, legacy parameters, and a RegionId that clients send unasked. */
export function describe<Names extends string>(
  product: string,
  permissionPrefix: string,
  operations: Readonly<Record<Names, Described>>,
): Readonly<Record<Names, OperationDescription>> {
  const entries = Object.entries<Described>(operations).map(([name, operation]) => {
    const { parameters } = operation;
    const unasked = parameters.some((field) => field.name === 'RegionId') ? [] : [ignored('RegionId')];
    const complete: OperationDescription = {
      permission: `${permissionPrefix}:${name}`,
      evidence: { clients: [], negativeTested: false },
      ...operation,
      name,
      product,
      parameters: [...parameters, ...unasked, ...LEGACY],
    };
    return [name, complete] as const;
  });
  return Object.fromEntries(entries) as Record<Names, OperationDescription>;
}
