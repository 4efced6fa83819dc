/** The workflows in one text, as the sandbox of Temporal's SDK loads them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Where scripts/workflows.mjs puts it, below dist. */
export const BUILT = 'workflows.cjs';

/** Made by the build; from the sources, where there is none, made on the spot, which takes some seconds. */
export async function workflowBundle(): Promise<{ codePath: string } | { code: string }> {
  const built = fileURLToPath(new URL(`../${BUILT}`, import.meta.url));
  return existsSync(built) ? { codePath: built } : bundleWorkflows();
}

export async function bundleWorkflows(): Promise<{ code: string }> {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`workflows/index.${ending}`, import.meta.url)),
    workflowInterceptorModules: [fileURLToPath(new URL(`workflows/wholeTasks.${ending}`, import.meta.url))],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) =>
      ending === 'js'
        ? config
        : {
            ...config,
            resolve: {
              ...config.resolve,
              conditionNames: ['@peerway/source', 'node', 'import', 'require', 'default'],
              extensionAlias: { '.js': ['.ts', '.js'] },
            },
          },
  });
}
