/** JSON Schema of a class, from the decorators that validate it. */
import { getMetadataStorage } from 'class-validator';
import { PeerwayError } from '@peerway/core';
import { aboutOf } from './about.js';
import { membersOf, type Class } from './checked.js';

export type Schema = Readonly<Record<string, unknown>>;

/** class-validator's name of what `IsOptional` leaves behind. */
const MAY_BE_MISSING = 'conditionalValidation';

/** By class-validator's name of a rule: what it means in JSON Schema. A rule that is missing here cannot be described, and is refused. */
const RULES: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isArray: () => ({ type: 'array' }),
  isIn: ([choice]) => ({ enum: choice }),
  isLength: ([min, max]) => ({ minLength: min, maxLength: max }),
  maxLength: ([max]) => ({ maxLength: max }),
  arrayMinSize: ([min]) => ({ minItems: min }),
  arrayMaxSize: ([max]) => ({ maxItems: max }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  matches: ([pattern]) => ({ type: 'string', pattern: pattern instanceof RegExp ? pattern.source : pattern }),
  isRFC3339: () => ({ type: 'string', format: 'date-time' }),
};

/** @param without members that come from elsewhere than the body. @throws PeerwayError `Internal` for a rule without a description */
export function schemaOf(type: Class<object>, without: readonly string[] = []): Schema {
  const members = membersOf(type).filter((key) => !without.includes(key));
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const optional = new Set(
    rules.filter(({ type: kind }) => kind === MAY_BE_MISSING).map(({ propertyName }) => propertyName),
  );
  const properties = members.map((member) => {
    let own: Schema = {};
    let items: Schema = {};
    for (const { propertyName, name, each, constraints, type: kind } of rules) {
      if (propertyName !== member || kind === MAY_BE_MISSING) continue;
      const known = name === undefined || !Object.hasOwn(RULES, name) ? undefined : RULES[name];
      if (known === undefined)
        throw new PeerwayError('Internal', `No schema is known for the rule ${name} of ${member}`);
      const schema = known((constraints ?? []) as unknown[]);
      if (each) items = { ...schema, ...items };
      else own = { ...schema, ...own };
    }
    const about = aboutOf(type, member);
    return [
      member,
      {
        ...own,
        ...(Object.keys(items).length === 0 ? {} : { items }),
        ...(about === undefined ? {} : { description: about }),
      },
    ] as const;
  });
  return {
    type: 'object',
    additionalProperties: false,
    required: members.filter((member) => !optional.has(member)),
    properties: Object.fromEntries(properties),
  };
}
