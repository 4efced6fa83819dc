/** Peered VPCs with their interfaces, and rules of the table of web, as the tests of routes and their ends begin. */
import { aBj, createBody, data, settle, web } from './baiduWire.js';

export async function peered(
  peer: { readonly id: string; readonly region: string } = data,
): Promise<{ id: string; qpif: string; peerQpif: string }> {
  const id = (await aBj.post('/v1/peerconn', createBody(web, peer))).body.peerConnId;
  settle();
  const qpif = (await aBj.get(`/v1/peerconn/${id}`, { role: 'initiator' })).body.localIfId;
  const peerQpif = (await aBj.get(`/v1/peerconn/${id}`, { role: 'acceptor' })).body.localIfId;
  return { id, qpif, peerQpif };
}

export const rule = (change: Record<string, unknown> = {}) => ({
  routeTableId: web.routeTable,
  sourceAddress: '0.0.0.0/0',
  destinationAddress: data.cidrs[0],
  nexthopType: 'peerConn',
  ...change,
});
