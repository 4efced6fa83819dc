// What strangers do first with the tarballs: install them in an empty project and write a program. Once as ES modules, once as
// CommonJS; both in TypeScript, with every declaration file checked, so that an error in somebody's editor is found here.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The program: the library loads a file, plans on the emulator and applies; the same text for both module systems. */
const PROGRAM = `import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { isPeerwayError, Peerway, renderPlan, VirtualClock, type Plan } from 'peerway';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';

async function main(): Promise<void> {
  const emulator = await Emulator.start({ seed: 1 });
  const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
  const text = \`
version: 1
stack: shop
providers:   { ali: { use: alibaba, region: cn-hangzhou, endpoint: "\${emulator.alibaba.endpoint}" } }
networks:    { web: { provider: ali, id: vpc-bp1aweb00000000000000 }, data: { provider: ali, id: vpc-bp1adata0000000000000 } }
connections: [{ name: web-data, between: [web, data] }]
\`;
  const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
  const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
  const peerway = await Peerway.load('peerway.yaml', { text, env, clock });
  const plan: Plan = await peerway.plan();
  await peerway.apply(plan);
  const { reachable } = await peerway.verify('web', 'data');
  const again = await peerway.plan();
  const refused = await Peerway.load('none.yaml').catch((error: unknown) => isPeerwayError(error));
  console.log(renderPlan(plan, 'text').split('\\n')[0], reachable, again.steps.length, refused, alibaba.id, baidu.id);
  await peerway.close();
  await emulator.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
`;
const SAYS = 'plan of stack shop: 3 to create true 0 true alibaba baidu';

const APPS = [
  { kind: 'ESM', type: 'module' },
  { kind: 'CommonJS', type: 'commonjs' },
];

/** Compiles and runs both programs against the tarballs; returns the bill of materials (CycloneDX) of what was installed. */
export function appsOutside({ run, folder, tarballs }) {
  const project = join(folder, 'apps');
  mkdirSync(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'peerway-release', version: '0.0.0', private: true, type: 'module' }),
  );
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const nodeTypes = `@types/node@${devDependencies['@types/node']}`;
  run('npm install of the tarballs', 'npm', ['install', ...quiet, ...tarballs, nodeTypes], { cwd: project });

  const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
  for (const { kind, type } of APPS) {
    const app = join(project, type);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type }));
    writeFileSync(join(app, 'app.ts'), PROGRAM);
    const compilerOptions = {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: ['node'],
      rootDir: '.',
      outDir: 'out',
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['app.ts'] }));
    run(`compile a program in TypeScript, ${kind}`, process.execPath, [tsc, '-p', '.'], { cwd: app });
    const printed = run(`run it, ${kind}`, process.execPath, [join('out', 'app.js')], { cwd: app });
    if (printed.trim() !== SAYS) throw new Error(`the ${kind} program printed:\n${printed}\ninstead of:\n${SAYS}`);
  }
  run('npx peerway providers', 'npx', ['peerway', 'providers'], { cwd: project });
  return billOf(
    JSON.parse(
      run('bill of materials', 'npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], { cwd: project }),
    ),
  );
}

/** The bill without what says where this machine got the packages from. */
function billOf(sbom) {
  const components = sbom.components
    .filter(({ name }) => name !== '@types/node')
    .map((component) => ({ ...component, externalReferences: undefined, properties: undefined }));
  const licences = new Map();
  for (const { licenses = [] } of components) {
    const words =
      licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(' and ') ||
      'none stated';
    licences.set(words, (licences.get(words) ?? 0) + 1);
  }
  console.log(
    `          ${components.length} components: ${[...licences]
      .sort((a, b) => b[1] - a[1])
      .map(([words, count]) => `${words} ${count}`)
      .join(', ')}`,
  );
  const component = {
    ...sbom.metadata.component,
    name: 'peerway',
    externalReferences: undefined,
    properties: undefined,
  };
  return { ...sbom, metadata: { ...sbom.metadata, component }, components };
}
