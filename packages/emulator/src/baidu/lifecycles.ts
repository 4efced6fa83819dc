/** The lifecycles of the Baidu side joined to the clock: what follows when a state is reached, and deadlines. */
import type { Services } from '../machine/cloud.js';
import { Lifecycle } from '../machine/lifecycle.js';
import { dnsKey } from './records.js';
import type { BaiduTables, DnsRecord, GatewayRecord, PeerconnRecord } from './records.js';
import { BAIDU_RULES } from './rules.js';
import {
  DNS_DELAYS,
  DNS_TRANSITIONS,
  GATEWAY_DELAYS,
  GATEWAY_TRANSITIONS,
  PEERCONN_DELAYS,
  PEERCONN_TRANSITIONS,
} from './transitions.js';
import type { DnsEvent, DnsStatus, GatewayEvent, GatewayStatus, PeerconnEvent, PeerconnStatus } from './transitions.js';

/** Scheduled beside the lifecycle, so that an update of a waiting request does not stop its clock. */
const DEADLINE = 'baidu.peerconn.deadline';
const HOUR = 3_600_000;

export class BaiduLifecycles {
  readonly peerconn: Lifecycle<PeerconnStatus, PeerconnEvent, PeerconnRecord>;
  readonly dns: Lifecycle<DnsStatus, DnsEvent, DnsRecord>;
  readonly gateway: Lifecycle<GatewayStatus, GatewayEvent, GatewayRecord>;
  readonly #services: Services;
  readonly #tables: BaiduTables;

  constructor(services: Services, tables: BaiduTables) {
    this.#services = services;
    this.#tables = tables;
    this.peerconn = new Lifecycle(tables.peerconns, PEERCONN_TRANSITIONS, PEERCONN_DELAYS, services, (record, _, to) =>
      this.#peerconnReached(record, to),
    );
    this.dns = new Lifecycle(tables.dns, DNS_TRANSITIONS, DNS_DELAYS, services, (record, _, to) => {
      if (to === 'syncing') this.dns.begin(record, 'settle');
    });
    this.gateway = new Lifecycle(tables.gateways, GATEWAY_TRANSITIONS, GATEWAY_DELAYS, services);
    services.clock.on(DEADLINE, ({ payload }) => {
      const record = tables.peerconns.get(String(payload['id']));
      if (record !== undefined) this.#checkDeadline(record);
    });
  }

  /** Looks at a link again at an instant: when a request's time is up, or a prepaid period ends. */
  scheduleDeadline(id: string, at: number): void {
    this.#services.clock.schedule({ at, kind: DEADLINE, payload: { id } });
  }

  /** Starts a link on its way: to active inside one account, to consulting across accounts. */
  launch(record: PeerconnRecord): void {
    if (this.#services.rules.value(BAIDU_RULES.provisioningFails)) this.peerconn.begin(record, 'fail');
    else if (record.answerBy !== undefined) this.peerconn.begin(record, 'offer');
    else this.peerconn.begin(record, this.#showsStarting() ? 'provision' : 'provisionAtOnce');
  }

  accept(record: PeerconnRecord): void {
    this.peerconn.begin(record, this.#showsStarting() ? 'accept' : 'acceptAtOnce');
  }

  #showsStarting(): boolean {
    return this.#services.rules.value(BAIDU_RULES.showsStarting);
  }

  #peerconnReached(record: PeerconnRecord, to: PeerconnStatus | 'gone'): void {
    switch (to) {
      case 'starting':
        this.peerconn.begin(record, 'start');
        return;
      case 'consulting':
      case 'active':
      case 'down':
        this.#checkDeadline(record);
        return;
      case 'deleted':
        this.peerconn.begin(record, this.#services.rules.value(BAIDU_RULES.tombstone) ? 'bury' : 'vanish');
        return;
      case 'gone':
        for (const role of ['initiator', 'acceptor'] as const) {
          this.dns.forget(dnsKey(record.id, role));
          this.#tables.dns.delete(dnsKey(record.id, role));
        }
        return;
      case 'creating':
      case 'consult_failed':
      case 'stopping':
      case 'deleting':
      case 'expired':
      case 'error':
      case 'updating':
        return;
    }
  }

  #checkDeadline(record: PeerconnRecord): void {
    const now = this.#services.clock.now();
    const { status, answerBy, billing } = record;
    if (status === 'consulting' && answerBy !== undefined && now >= answerBy) this.peerconn.begin(record, 'timeout');
    if (billing.paymentTiming === 'Postpaid') this.#checkArrears(record, now);
    else if (status === 'active' && now >= billing.expiresAt) this.peerconn.begin(record, 'expire');
  }

  /** A Postpaid link of an account in arrears stops after the time of the rule, and comes back when the rule is lifted. */
  #checkArrears(record: PeerconnRecord, now: number): void {
    const { id, status, createdAt } = record;
    const overdueAfter = this.#services.rules.value(BAIDU_RULES.overdueAfterMs);
    if (status === 'active' && overdueAfter > 0) {
      if (now >= createdAt + overdueAfter) this.peerconn.begin(record, 'stop');
      else this.scheduleDeadline(id, createdAt + overdueAfter);
    }
    if (status !== 'down') return;
    if (overdueAfter === 0) this.peerconn.begin(record, 'recover');
    else this.scheduleDeadline(id, now + HOUR);
  }
}
