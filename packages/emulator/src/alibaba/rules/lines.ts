/** Rules of router interfaces, border routers and physical connections. Sources are sections of docs/facts (November 2026). */
import { choice, limit, refusing, toggle } from '../../machine/rules.js';

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
  billsOutstanding: refusing(
    'alibaba.billing.outstanding',
    false,
    'Forbidden.BillsOutstanding',
    'docs/facts/alibaba.md 3.1 and 11.1',
    'creating and connecting router interfaces: ',
  ),
  noBalance: refusing('alibaba.billing.noBalance', false, 'OperationFailed.NoAvailableAmount', INTERFACES),
  interfaceLocked: refusing(
    'alibaba.routerInterface.financialLocked',
    false,
    'Forbidden.FinancialLocked',
    'docs/facts/alibaba.md 4.1',
    'BusinessStatus FinancialLocked; Modify, Activate, Deactivate and Spec: ',
  ),
  interfaceWhitelisted: refusing(
    'alibaba.routerInterface.whitelisted',
    true,
    'Forbidden.NotInRouterInterfaceCreateWhitelist',
    INTERFACES,
  ),
  interfaceSyncCreate: refusing(
    'alibaba.routerInterface.otherCreateRunning',
    false,
    'RI_CREATE_ONE_LIMIT_BY_SYNC',
    INTERFACES,
  ),
  routerInCen: refusing('alibaba.router.attachedToCen', false, 'InvalidRouterId.AttacedToCEN', INTERFACES),
  cenChanging: refusing('alibaba.router.cenChanging', false, 'IncorrectStatus.CenStatus', INTERFACES),
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
  portEnabled: refusing(
    'alibaba.physicalConnection.enabled',
    true,
    'InvalidPhysicalConnectionId.NotEnabled',
    'docs/facts/alibaba.md 3.3',
    'physical connections are Confirmed; a border router on one: ',
  ),
  portBusinessNormal: refusing(
    'alibaba.physicalConnection.businessNormal',
    true,
    'InvalidPhysicalConnectionBusinessStatus',
    'docs/facts/alibaba.md 3.2',
    'BusinessStatus FinancialLocked; a route of a border router: ',
  ),
  vlanKeptMs: limit(
    'alibaba.vbr.vlanKeptMs',
    7 * 24 * 60 * MINUTE,
    'docs/facts/alibaba.md 3.3',
    'How long a terminated border router keeps its VLAN.',
  ),
} as const;
