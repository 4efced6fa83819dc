/** The API as OpenAPI 3.1, made from the endpoints that serve it and the classes that validate. */
import { schemaOf, type Schema } from '../input/schema.js';
import { ANSWER_SCHEMAS, type AnswerName } from './answers.js';
import type { Endpoint } from './endpoint.js';
import { OPEN_PATHS } from './openPaths.js';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const EVERYWHERE: Readonly<Record<number, string>> = {
  400: 'The request is not as this page says; `detail` names everything that is wrong.',
  401: 'No token, or one that is not known or has expired.',
  403: 'The token knows the stack and lacks the verb.',
  404: 'There is none, or the token does not show it: the two cannot be told apart.',
  429: 'Too many wrong tokens, or too many open streams; `Retry-After` says when to come back.',
  503: 'The host of the runs cannot be reached.',
};

const VERSION = 'v1';

export function openApi(endpoints: readonly Endpoint[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const endpoint of endpoints) {
    const at = (paths[endpoint.path] ??= {});
    at[endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  for (const { path, about, type } of OPEN_PATHS) {
    paths[path] = {
      get: { summary: about, security: [], responses: { 200: { description: 'As said.', content: { [type]: {} } } } },
    };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Peerway',
      version: `${VERSION} (${version})`,
      description:
        'Runs of stacks, looks at them, and their schedules. Errors are problems of RFC 9457 with a code of docs/errors.md and a remedy.',
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of the file of tokens: stack patterns × verbs.',
        },
      },
      schemas: ANSWER_SCHEMAS,
    },
  };
}

function operationOf(endpoint: Endpoint): Schema {
  const { id, about, detail, verbs, body, answers, refuses = {} } = endpoint;
  const verb = verbs.map((each) => `\`${each}\``).join(' or ');
  return {
    operationId: id,
    summary: about,
    description: [`Wants the verb ${verb}.`, ...(detail === undefined ? [] : [detail])].join(' '),
    parameters: parametersOf(endpoint),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body.type, body.without) } },
          },
        }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, name]) => [status, answerOf(name)])),
      ...Object.fromEntries(
        Object.entries({ ...EVERYWHERE, ...refuses }).map(([status, description]) => [
          status,
          { description, content: PROBLEM },
        ]),
      ),
    },
  };
}

function parametersOf({ path, query, headers = [] }: Endpoint): readonly Schema[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {} } = (query === undefined ? {} : schemaOf(query)) as { properties?: Record<string, Schema> };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description,
    schema,
  }));
  const inHeader = headers.map(({ name, about }) => ({
    name,
    in: 'header',
    description: about,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function answerOf(name: AnswerName): Schema {
  switch (name) {
    case 'Nothing':
      return { description: 'Done.' };
    case 'Picture':
      return { description: 'The picture.', content: { 'image/svg+xml': {} } };
    case 'Events':
      return { description: 'The events.', content: { 'text/event-stream': {} } };
    default:
      return {
        description: 'What was asked for.',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
      };
  }
}
