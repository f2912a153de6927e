/* Bytes → messages, by the schemas that are generated from the types of the server (`schemas.js`).

   Lenient as the protocol asks: unknown fields are dropped, absent optional ones take their default. */

import { Malformed, textOf } from "./bytes.js";
import { DEFS } from "./schemas.js";

const LIMIT = 65_536; // bytes
const PLAN_LIMIT = 2_097_152;
const SCENE_LIMIT = 262_144;
const DOWN = { play: "Play", stop: "Stop", settings: "Settings", "new-plan": "NewPlan", keys: "Keys", ack: "Ack" };
const patterns = new Map();

const fail = (path, words) => {
  throw new Malformed(`${words} - at \`$${path}\``);
};

function pattern(text) {
  if (!patterns.has(text)) patterns.set(text, new RegExp(text, "u"));
  return patterns.get(text);
}

function asString(schema, value, path) {
  if (!value.isWellFormed()) fail(path, "half a letter");
  if (schema.maxLength !== undefined && value.length > schema.maxLength && [...value].length > schema.maxLength) {
    fail(path, `longer than ${schema.maxLength}`);
  }
  if (schema.pattern && !pattern(schema.pattern).test(value)) fail(path, "of another form");
  return value;
}

function asNumber(schema, value, path) {
  if (schema.type === "integer" && !Number.isSafeInteger(value)) fail(path, "no whole number");
  if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) fail(path, "out of bounds");
  return value;
}

function asArray(schema, value, path) {
  if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity)) fail(path, "too many or few");
  return value.map((one, index) => fit(schema.items, one, `${path}[${index}]`));
}

function asObject(schema, value, path) {
  const found = {};
  for (const [name, shape] of Object.entries(schema.properties)) {
    if (Object.hasOwn(value, name)) found[name] = fit(shape, value[name], `${path}.${name}`);
    else if (name === "type") found.type = shape.enum[0]; // where only one kind can stand
    else if (schema.required?.includes(name)) fail(path, `without \`${name}\``);
    else found[name] = shape.$ref ? fit(shape, shape.default, path) : structuredClone(shape.default);
  }
  return found;
}

const kindOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
const FITS = { string: asString, integer: asNumber, number: asNumber, array: asArray, object: asObject };

function fit(schema, value, path) {
  if (schema.$ref) return fit(DEFS[schema.$ref.split("/").pop()], value, path);
  if (schema.anyOf) {
    if (value === null && schema.anyOf.some((one) => one.type === "null")) return null;
    return fit(schema.anyOf.find((one) => one.type !== "null"), value, path);
  }
  if (schema.enum) return schema.enum.includes(value) ? value : fail(path, "unknown word");
  const kind = kindOf(value);
  const wanted = schema.type === "integer" ? "number" : schema.type;
  if (kind !== wanted) fail(path, `expected ${schema.type}`);
  return kind === "boolean" ? value : FITS[schema.type](schema, value, path);
}

function parsed(bytes, limit) {
  if (bytes.length > limit) throw new Malformed(`${bytes.length} bytes, the limit is ${limit}`);
  try {
    return JSON.parse(textOf(bytes));
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed("not JSON");
  }
}

/** Whatever the types cannot say of a play. */
function checked(play, path) {
  if ((play.content === null) === (play.stream === null)) fail(path, "either content or stream");
  return play;
}

/** What a device hears. Throws Malformed. */
export function decodeDown(bytes) {
  const value = parsed(bytes, LIMIT);
  const name = kindOf(value) === "object" && Object.hasOwn(DOWN, value.type) ? DOWN[value.type] : fail("", "unknown type");
  const message = fit(DEFS[name], value, "");
  return name === "Play" ? checked(message, "") : message;
}

/** The document a device lives by. Throws Malformed. */
export function decodePlan(bytes) {
  const plan = fit(DEFS.Plan, parsed(bytes, PLAN_LIMIT), "");
  plan.plays.forEach((play, index) => checked(play, `.plays[${index}]`));
  return plan;
}

/** What a board is made of. Throws Malformed. */
export const decodeScene = (bytes) => fit(DEFS.Scene, parsed(bytes, SCENE_LIMIT), "");

/** An authority's word for somebody's key. Throws Malformed. */
export const decodeDelegate = (bytes) => fit(DEFS.Delegate, parsed(bytes, LIMIT), "");

/** What enrolment gave, with its messages whole. Throws Malformed. */
export const decodeIdentity = ({ device, password, settings, keys }) => ({
  device,
  password,
  settings: fit(DEFS.Settings, settings, ".settings"),
  keys: fit(DEFS.Keys, keys, ".keys"),
});

/** The sealed form on the wire, of a payload of at most `limit` bytes. Throws Malformed. */
export const decodeSealed = (bytes, limit = LIMIT) => fit(DEFS.Sealed, parsed(bytes, limit * 2), "");

export { LIMIT, PLAN_LIMIT };
