// Bundles the workflows of @peerway/server into its dist, so that a worker starts without a bundler. Run after `tsc -b`.
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILT, bundleWorkflows } from '../packages/server/dist/temporal/workflowBundle.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'packages/server/dist', BUILT);
const { code } = await bundleWorkflows();
writeFileSync(file, code);
console.log(`${relative(root, file)}: ${(code.length / 1_048_576).toFixed(1)} MB`);
