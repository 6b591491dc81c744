import type { Json } from '../../../base/json.ts';
import type { Attributes } from '../../../protocol/attributes.ts';

/** A query or a form as jQuery writes it: `a=1&list[]=2&list[]=3&of[name]=x`. */
export function params(attrs: Attributes): string {
  const all = new URLSearchParams();
  const add = (name: string, value: Json): void => {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries())
        add(`${name}[${typeof item === 'object' && item !== null ? i : ''}]`, item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) add(`${name}[${key}]`, item);
    } else all.append(name, value === null ? '' : String(value));
  };
  for (const [name, value] of Object.entries(attrs)) add(name, value);
  return all.toString();
}
