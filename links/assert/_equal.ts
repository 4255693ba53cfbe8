/** Whether two values are the same, where 0 is -0 and NaN is NaN. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The prototype, that of `{}` for an object without one. */
function prototypeOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

/** The elements of an array of numbers or of bytes, if it is one. */
function elementsOf(value: object): ArrayLike<number | bigint> | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return new Uint8Array(value);
  }
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return ArrayBuffer.isView(value) ? value as unknown as ArrayLike<number | bigint> : undefined;
}

/** The text of an object that is all that it holds. */
function textOf(value: object): string | undefined {
  const isText = value instanceof RegExp || value instanceof URL ||
    value instanceof URLSearchParams;
  if (isText) return String(value);
  return value instanceof Date ? String(value.getTime()) : undefined;
}

/** The keys of an object: of a class's instance also those of the class. */
function keysOf(value: object): Set<PropertyKey> {
  if (prototypeOf(value) === Object.prototype) {
    return new Set(Reflect.ownKeys({ ...value }));
  }
  const keys = new Set<PropertyKey>();
  let at = value;
  while (at && at !== Object.prototype && at !== Array.prototype) {
    for (const key of Reflect.ownKeys(at)) keys.add(key);
    at = Object.getPrototypeOf(at);
  }
  return keys;
}

/**
 * Whether two values are equal all the way down.
 *
 * @param a A value.
 * @param b Another value.
 * @param seen The objects under comparison, each with its counterpart.
 * @returns Whether they are equal.
 */
export function equal(
  a: unknown,
  b: unknown,
  seen: Map<unknown, unknown> = new Map(),
): boolean {
  if (isSame(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (prototypeOf(a) !== prototypeOf(b)) return false;

  const [aElements, bElements] = [elementsOf(a), elementsOf(b)];
  if (aElements && bElements) {
    if (aElements.length !== bElements.length) return false;
    for (let i = 0; i < aElements.length; i++) {
      if (!isSame(aElements[i], bElements[i])) return false;
    }
    return true;
  }
  const text = textOf(a);
  if (text !== undefined) return text === textOf(b);

  if (seen.get(a) === b) return true;
  seen.set(a, b);
  const isEqual = (x: unknown, y: unknown) => equal(x, y, seen);

  if (a instanceof Set && b instanceof Set) {
    const rest = new Set(b);
    return a.size === b.size && a.values().every((x) => {
      const match = rest.has(x) ? x : rest.values().find((y) => isEqual(x, y));
      return rest.delete(match);
    });
  }
  if (a instanceof Map && b instanceof Map) {
    const rest = new Map(b);
    return a.size === b.size && a.entries().every(([key, value]) => {
      const match = rest.has(key)
        ? key
        : rest.entries().find((entry) => isEqual([key, value], entry))?.[0];
      return isEqual(value, rest.get(match)) && rest.delete(match);
    });
  }

  const keys = keysOf(a);
  return keys.symmetricDifference(keysOf(b)).size === 0 &&
    keys.values().every((key) => isEqual(Reflect.get(a, key), Reflect.get(b, key)));
}
