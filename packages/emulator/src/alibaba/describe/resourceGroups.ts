/**
 * Resource groups: the two reads of ResourceManager 2020-03-31 that peerings and VPCs take their groups from. Source: the
 * vendor's pages "ListResourceGroups" and "GetResourceGroup" (December 2025).
 */
import { describe, flag, integer, required, tagFilter, text, texts } from './parameters.js';

const SOURCE = 'vendor pages "ListResourceGroups" and "GetResourceGroup" of Resource Management (December 2025)';
const OWN = { clients: ['@alicloud/pop-core'], negativeTested: true };

export const resourceGroupDescriptions = describe('ResourceManager', 'resourcemanager', {
  ListResourceGroups: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      text('Status', { values: ['Creating', 'OK', 'PendingDelete'] }),
      integer('PageNumber', { min: 1 }),
      integer('PageSize', { min: 1, max: 100 }),
      text('ResourceGroupId', { max: 18, pattern: /^rg-/ }),
      texts('ResourceGroupIds', { max: 100 }),
      text('DisplayName', { max: 50 }),
      text('Name', { max: 50 }),
      tagFilter('Tag'),
      flag('IncludeTags'),
    ],
  },
  GetResourceGroup: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [required(text('ResourceGroupId')), flag('IncludeTags')],
  },
});
