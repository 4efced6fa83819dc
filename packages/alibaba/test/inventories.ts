/**
 * What this adapter asks and answers while the kit tries it, form by form, in `inventories/`: a change of it is to be read before it is
 * committed. `PEERWAY_WRITE_INVENTORY=1 npm test -- packages/alibaba/test/conformance` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { Inventory } from '@peerway/conformance';

export function inventoryIn(name: string): Inventory {
  const file = fileURLToPath(new URL(`inventories/${name}.txt`, import.meta.url));
  const writes = process.env['PEERWAY_WRITE_INVENTORY'] === '1';
  const inventory = new Inventory(writes ? '' : readFileSync(file, 'utf8'), writes);
  if (writes) afterAll(() => writeFileSync(file, inventory.text()));
  return inventory;
}
