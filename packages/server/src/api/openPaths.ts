/** What is answered without a token, because no name is in it. */
export const OPEN_PATHS = [
  { path: '/', about: 'The page', type: 'text/html' },
  { path: '/openapi.json', about: 'This description', type: 'application/json' },
  { path: '/healthz', about: '200 while the process answers', type: 'application/json' },
  { path: '/readyz', about: '200 when runs can be ordered, else 503 with the reasons', type: 'application/json' },
  { path: '/metrics', about: 'Metrics for Prometheus, without a name of a stack', type: 'text/plain' },
] as const;
