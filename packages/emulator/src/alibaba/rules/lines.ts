/** Rules of router interfaces, border routers and physical connections. Sources are sections of docs/facts (November 2026). */
import { choice, limit, toggle } from '../../machine/rules.js';

const INTERFACES = 'docs/facts/alibaba.md 3.1';
const MINUTE = 60_000;

export const lineRules = {
  interfacesPerRouter: limit(
    'alibaba.routerInterface.perRouter',
    5,
    'docs/facts/alibaba.md 5.1 and 11.1',
    'Router interfaces per router.',
  ),
  interfacesPerAccount: limit(
    'alibaba.routerInterface.perAccount',
    100,
    'unverified: a quota exists (docs/facts/alibaba.md 3.1)',
    'Router interfaces per account.',
  ),
  deletingInterfaceBlocks: toggle(
    'alibaba.routerInterface.deletingBlocks',
    false,
    'unverified: how long Deleting lasts is not written; the Terraform provider deletes a border router right after its interfaces and does not repeat the refusal',
    'Whether an interface in Deleting still keeps its border router or VPC from being deleted.',
  ),
  modifyLagMs: limit(
    'alibaba.routerInterface.modifyLagMs',
    0,
    'docs/facts/alibaba.md 3.1, 6.2 and 11.1: Modify is eventually consistent; the vendor’s programs connect at once',
    'How long Connect answers IncorrectOppositeInterfaceInfo.NotSet after peer data was changed.',
  ),
  modifyTypeDefault: choice(
    'alibaba.routerInterface.modifyTypeDefault',
    ['keep', 'VBR'],
    'keep',
    'docs/facts/alibaba.md 3.1 and 11.1: documented VBR, the vendor program works without it',
    'OppositeRouterType when ModifyRouterInterfaceAttribute does not send it.',
  ),
  interfaceCodes: choice(
    'alibaba.routerInterface.deleteCodes',
    ['field', 'metadata'],
    'field',
    'docs/facts/alibaba.md 3.1: what clients handle, and what the metadata lists',
    'Which family of codes DeleteRouterInterface uses.',
  ),
  interfaceStatusCode: choice(
    'alibaba.routerInterface.statusCode',
    ['IncorrectRIStatus', 'IncorrectStatus'],
    'IncorrectRIStatus',
    INTERFACES,
    'Code of Connect, Activate and Deactivate in a wrong status.',
  ),
  vbrAcceptorCode: choice(
    'alibaba.routerInterface.vbrAcceptorCode',
    ['InvalidRole.ValueNotSupported', 'IllegalParam.VRouterType'],
    'InvalidRole.ValueNotSupported',
    'unverified (docs/facts/alibaba.md 5.1)',
    'A border router as the accepting side.',
  ),
  reservationData: choice(
    'alibaba.hasReservationData',
    ['text', 'boolean'],
    'text',
    '@alicloud/vpc20160428 7.3.2 has a text; the answers printed in docs/facts/alibaba.md 11.1 and 11.2 have a boolean',
    'How HasReservationData of router interfaces and physical connections is written.',
  ),
  billsOutstanding: toggle(
    'alibaba.billing.outstanding',
    false,
    'docs/facts/alibaba.md 3.1 and 11.1',
    'On: creating and connecting router interfaces gets Forbidden.BillsOutstanding.',
  ),
  noBalance: toggle('alibaba.billing.noBalance', false, INTERFACES, 'On: OperationFailed.NoAvailableAmount.'),
  interfaceLocked: toggle(
    'alibaba.routerInterface.financialLocked',
    false,
    'docs/facts/alibaba.md 4.1',
    'On: BusinessStatus FinancialLocked, which blocks Modify, Activate, Deactivate and Spec.',
  ),
  interfaceWhitelisted: toggle(
    'alibaba.routerInterface.whitelisted',
    true,
    INTERFACES,
    'Off: Forbidden.NotInRouterInterfaceCreateWhitelist.',
  ),
  interfaceSyncCreate: toggle(
    'alibaba.routerInterface.otherCreateRunning',
    false,
    INTERFACES,
    'On: RI_CREATE_ONE_LIMIT_BY_SYNC.',
  ),
  routerInCen: toggle('alibaba.router.attachedToCen', false, INTERFACES, 'On: InvalidRouterId.AttacedToCEN.'),
  cenChanging: toggle('alibaba.router.cenChanging', false, INTERFACES, 'On: IncorrectStatus.CenStatus.'),
  interfaceCrossBorder: toggle(
    'alibaba.routerInterface.crossBorderAllowed',
    false,
    INTERFACES,
    'Off: pairs across the border get Forbidden.CrossBorder.',
  ),
  vbrPerPort: limit(
    'alibaba.vbr.perPort',
    50,
    'unverified: a quota exists (docs/facts/alibaba.md 3.3)',
    'Border routers per physical connection.',
  ),
  borderRouterConfirmedBy: choice(
    'alibaba.vbr.confirmedBy',
    ['addresses', 'people'],
    'addresses',
    'unverified: no call confirms; @alicloud/vpc20160428 7.3.2 has the owner of the border router give its addresses',
    'What makes a border router on the line of another account active. addresses: its owner’s first addresses; people: nothing here.',
  ),
  portEnabled: toggle(
    'alibaba.physicalConnection.enabled',
    true,
    'docs/facts/alibaba.md 3.3',
    'Off: physical connections are not Enabled.',
  ),
  vlanKeptMs: limit(
    'alibaba.vbr.vlanKeptMs',
    7 * 24 * 60 * MINUTE,
    'docs/facts/alibaba.md 3.3',
    'How long a terminated border router keeps its VLAN.',
  ),
} as const;
