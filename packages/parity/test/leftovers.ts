/** What the emulator's own tables hold, so that what is left of a run cannot hide from the run's own eyes; and look-alikes in the account. */
import { markOf, type Cloud } from '@peerway/parity';
import { DEFAULT_WORLD, type Emulator } from '@peerway/emulator';

const TABLES = {
  alibaba: ['vpcs', 'vswitches', 'routeTables', 'routeEntries', 'vpcPeers', 'routerInterfaces'],
  baidu: ['vpcs', 'subnets', 'routeTables', 'routeRules', 'peerconns', 'gateways'],
} as const;

/** Ids of everything that stands in the tables; what has ended and only shows for a while does not count. */
export function standing(emulator: Emulator, cloud: Cloud): ReadonlySet<string> {
  const { tables } = emulator.snapshot();
  const names = TABLES[cloud.id as keyof typeof TABLES].map((name) => `${cloud.id}.${name}`);
  const missing = names.filter((name) => tables[name] === undefined);
  if (missing.length > 0) throw new Error(`no tables ${missing.join(', ')} among ${Object.keys(tables).join(', ')}`);
  const rows = names.flatMap((name) => (tables[name] ?? []) as readonly { id: string; status?: string }[]);
  return new Set(rows.filter(({ status }) => status?.toLowerCase() !== 'deleted').map(({ id }) => id));
}

/** Networks that look like a run's to whoever does not look closely, and one of another run. @returns their ids */
export function plantLookAlikes(emulator: Emulator, cloud: Cloud, run: string): readonly string[] {
  const name = cloud.id as 'alibaba' | 'baidu';
  const account = DEFAULT_WORLD[name].accounts.a.id;
  const region = name === 'alibaba' ? 'cn-hangzhou' : 'bj';
  const whole = markOf(run, 'n1');
  const looks = [
    { name: whole.name, description: 'made by hand' },
    { name: 'production', description: whole.description },
    { name: `${whole.name}-old`, description: whole.description },
    { name: whole.name, description: markOf(run, 'n2').description },
    { name: markOf('p00000000', 'n1').name, description: '' },
    markOf('p11111111', 'n1'),
  ];
  const ids = looks.map(
    (_, index) => emulator.world.network({ cloud: name, account, region, cidrs: [`10.${index}.0.0/16`] }).id,
  );
  const now = emulator.snapshot();
  const table = `${name}.vpcs`;
  const rows = (now.tables[table] ?? []).map((row) => {
    const look = looks[ids.indexOf(row.id)];
    return look === undefined ? row : { ...row, ...look };
  });
  emulator.restore({ ...now, tables: { ...now.tables, [table]: rows } });
  return ids;
}
