/** Router interfaces as next hops. */
import type { Range } from '../../cidr.js';
import { refusal } from '../errors.js';
import type { RouteTableRecord } from '../records.js';
import type { AlibabaState } from '../state.js';

export function checkInterfaceHop(_state: AlibabaState, _table: RouteTableRecord, _id: string, _range: Range): void {
  throw refusal('InvalidNextHop.NotFound');
}
