import { equalJson, isObject } from '../../base/json.ts';
import { type Attributes, badJson } from '../../protocol/attributes.ts';
import { Refusal } from './refusal.ts';

/** Whatever implements Standard Schema (zod, valibot, arktype): https://standardschema.dev, of which this is the part that is used. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
    /** Never set; it carries the types. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The record as the schema makes it, with its defaults and transformations. Throws a Refusal that lists the issues. */
export async function validate(schema: StandardSchema, attrs: Attributes): Promise<Attributes> {
  const result = await schema['~standard'].validate(structuredClone(attrs));
  if (result.issues) {
    const issues = result.issues.map(({ message, path }) => ({ path: pathOf(path), message }));
    const sentence = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
    throw new Refusal(sentence, { code: 'invalid', details: { issues } });
  }
  return asAttributes(result.value);
}

const pathOf = (path: SchemaIssue['path']) =>
  (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');

/** A schema may make Dates and undefined: they become what JSON makes of them. */
export function asAttributes(value: unknown): Attributes {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
  const bad = isObject(plain) ? badJson(plain) : 'no object';
  if (bad) throw new Error(`A record is an object of plain JSON: this one is or has ${bad}`);
  return plain as Attributes;
}

/** What has to be set and unset so that `before` becomes `after`, besides what `set` names already. */
export function difference(before: Attributes, after: Attributes, set: Attributes) {
  const more: Record<string, Attributes[string]> = {};
  for (const [name, value] of Object.entries(after)) {
    if (Object.hasOwn(set, name) || !Object.hasOwn(before, name) || !equalJson(before[name], value))
      more[name] = value;
  }
  return { set: more, unset: Object.keys(before).filter((name) => !Object.hasOwn(after, name)) };
}
