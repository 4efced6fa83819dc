/** Resource groups: people make them, so the world holds them; here they are read, and asked for by who names one. */
import type { Call, Operation } from '../../machine/cloud.js';
import { resourceGroupDescriptions } from '../describe/resourceGroups.js';
import { refusal } from '../errors.js';
import type { Code } from '../errors.js';
import type { ResourceGroupRecord } from '../records.js';
import { ALIBABA_REGIONS } from '../regions.js';
import type { AlibabaState } from '../state.js';
import { operationsOf } from './handlers.js';
import { numberedPage } from './paging.js';
import { matchesTags, tagItems } from './tags.js';

export function resourceGroupOperations(state: AlibabaState): readonly Operation[] {
  return operationsOf(resourceGroupDescriptions, {
    ListResourceGroups: (call) => listGroups(state, call),
    GetResourceGroup: (call) => getGroup(state, call),
  });
}

/** The group that a parameter names; '' when it names none. A group that the caller does not have is refused with `code`. */
export function namedGroup(state: AlibabaState, call: Call, parameter: string, code: Code): string {
  const id = call.input.optionalText(parameter) ?? '';
  if (id !== '' && state.resourceGroups.get(id)?.account !== call.caller.account) throw refusal(code);
  return id;
}

/** As Vpc's creations ask for it. Only CreateVpc lists a code for this (docs/facts/alibaba.md 3.4), so the others have it too. */
export const newGroup = (state: AlibabaState, call: Call): string =>
  namedGroup(state, call, 'ResourceGroupId', 'InvalidResourceGroupId');

function listGroups(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const ids = input.texts('ResourceGroupIds');
  const id = input.optionalText('ResourceGroupId') ?? '';
  const asked = ids.length > 0 ? ids : id === '' ? undefined : [id];
  const like = (parameter: string, value: string): boolean => value.includes(input.optionalText(parameter) ?? '');
  const all = [...call.view(state.resourceGroups).values()].filter(
    (group) =>
      group.account === call.caller.account &&
      (asked === undefined || asked.includes(group.id)) &&
      like('DisplayName', group.displayName) &&
      like('Name', group.name) &&
      ['', 'OK'].includes(input.optionalText('Status') ?? '') &&
      matchesTags(state.tagsOf(call.caller.account, group.id), input.objects('Tag')),
  );
  const { items, counts } = numberedPage(input, all);
  const withTags = input.flag('IncludeTags') || input.objects('Tag').length > 0;
  return { ...counts, ResourceGroups: { ResourceGroup: items.map((group) => groupItem(state, group, withTags)) } };
}

function getGroup(state: AlibabaState, call: Call): unknown {
  const group = call.view(state.resourceGroups).get(call.input.text('ResourceGroupId'));
  if (group?.account !== call.caller.account) throw refusal('EntityNotExists.ResourceGroup');
  return {
    ResourceGroup: {
      ...groupItem(state, group, call.input.flag('IncludeTags')),
      RegionStatuses: { RegionStatus: ALIBABA_REGIONS.map((RegionId) => ({ RegionId, Status: 'OK' })) },
    },
  };
}

function groupItem(state: AlibabaState, group: ResourceGroupRecord, withTags: boolean) {
  return {
    Id: group.id,
    Name: group.name,
    DisplayName: group.displayName,
    AccountId: group.account,
    Status: 'OK',
    CreateDate: inChina(group.createdAt),
    ...(withTags ? { Tags: { Tag: tagItems(state.tagsOf(group.account, group.id)) } } : {}),
  };
}

/** `2021-06-18T14:39:36+08:00`: this product writes the time of China. */
function inChina(epochMs: number): string {
  return `${new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
