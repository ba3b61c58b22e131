
"use strict";

// The page shows an OpenAPI 3.1 description. Everything that comes from the
// description is put in as text, never as markup. An operation is drawn when it
// is opened, and a part of a schema when that is.

let api = {};

const byID = id => document.getElementById(id);

// make returns an element with properties and content.
function make(tag, properties, ...content) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...content.filter(part => part !== null && part !== undefined));
  return element;
}

// ---- Schemas

// resolve follows references; what stands beside one wins.
function resolve(schema) {
  for (let steps = 0; schema && schema.$ref && steps < 20; steps++) {
    const { $ref, ...beside } = schema;
    schema = { ...api.components.schemas[$ref.split("/").pop()], ...beside };
  }
  return schema || {};
}

const typesOf = schema => [].concat(schema.type || []).filter(type => type !== "null");

// choices are the alternatives of a schema that are more than null.
const choices = schema => (schema.oneOf || schema.anyOf || []).filter(option => resolve(option).type !== "null");

const isMap = schema => schema.additionalProperties && typeof schema.additionalProperties === "object" && !schema.properties;

function typeName(schema) {
  schema = resolve(schema);
  const options = choices(schema);
  if (options.length) return [...new Set(options.map(typeName))].join(" or ");
  const types = typesOf(schema);
  if (!types.length) return "anything";
  return types.map(type => {
    if (type === "array") return "list of " + several(schema.items);
    if (type === "object") return isMap(schema) ? "map of " + several(schema.additionalProperties) : "object";
    return schema.format && schema.format !== "int64" && schema.format !== "double" ? type + " (" + schema.format + ")" : type;
  }).join(" or ");
}

// several is the name of a type for more than one value.
function several(schema) {
  const name = typeName(schema);
  return /^(string|integer|number|boolean|object)$/.test(name) ? name + "s" : name;
}

// limits are what a value must keep to, in words.
function limits(schema) {
  schema = resolve(schema);
  const list = [], item = schema.items ? resolve(schema.items) : {};
  const say = (value, text) => { if (value !== undefined) list.push(text(value)); };
  say(schema.minimum, n => "at least " + n);
  say(schema.maximum, n => "at most " + n);
  say(schema.minLength, n => n === 1 ? "not empty" : n + " characters or more");
  say(schema.maxLength, n => "at most " + n + " characters");
  say(item.maxLength, n => "of at most " + n + " characters");
  say(schema.minItems, n => n === 1 ? "not empty" : n + " entries or more");
  say(schema.maxItems, n => "at most " + n + " entries");
  if (schema.uniqueItems) list.push("no entry twice");
  say(schema.pattern, p => "like " + p);
  say(schema.default, value => "default " + JSON.stringify(value));
  return list.join(", ");
}

// inside is the schema whose fields are worth showing below a field.
function inside(schema) {
  schema = resolve(schema);
  const options = choices(schema);
  if (options.length) return inside(options[0]);
  if (schema.items) return inside(schema.items);
  if (isMap(schema)) return inside(schema.additionalProperties);
  return schema.properties ? schema : null;
}

function valuesOf(schema) {
  schema = resolve(schema);
  const values = schema.enum || (schema.items && resolve(schema.items).enum);
  if (!values) return null;
  const line = make("span", { className: "values" }, "One of ");
  values.forEach((value, i) => line.append(i ? " " : "", make("code", {}, String(value))));
  return line;
}

// field is a line for a property or a parameter.
function field(name, schema, required, more) {
  const details = [resolve(schema).description, limits(schema)].filter(Boolean).join(" \u2014 ");
  const what = make("div", { className: "what" },
    make("span", { className: "type" }, typeName(schema)),
    required ? make("span", { className: "must" }, " required") : null,
    more ? make("span", { className: "faint" }, " " + more) : null,
    details ? make("div", {}, details) : null, valuesOf(schema));
  const box = make("div", { className: "field" }, make("div", { className: "line" }, make("div", { className: "name" }, name), what));
  const inner = inside(schema);
  if (inner) {
    const count = Object.keys(inner.properties).length;
    box.append(later("inner", count + (count === 1 ? " field of " : " fields of ") + name, () => [fields(inner)]));
  }
  return box;
}

// fields are the lines for an object, what is required first.
function fields(schema) {
  const required = schema.required || [];
  const names = Object.keys(schema.properties || {});
  names.sort((a, b) => required.includes(b) - required.includes(a) || a.localeCompare(b));
  return make("div", { className: "fields" }, ...names.map(name => {
    const property = schema.properties[name];
    return field(name, property, required.includes(name), resolve(property).readOnly ? "read-only" : "");
  }));
}

// later is something to open that is drawn when it is.
function later(className, title, draw) {
  const box = make("details", { className }, make("summary", {}, title));
  box.addEventListener("toggle", () => { if (box.open && box.childElementCount === 1) box.append(...draw()); });
  return box;
}

// ---- Examples

const samples = [
  [/email$/, "jane@example.com"], [/(^|_)(url|link|website)$/, "https://example.com/"], [/(domain|host)$/, "example.com"],
  [/(^|_)path$/, "/path"], [/(ids?|integration)$/, "abc123"], [/countr(y|ies)$/, "DE"], [/timezone$/, "Europe/Berlin"], [/password$/, "correct horse battery"],
  [/first_name$/, "Jane"], [/last_name$/, "Doe"], [/name$/, "Example"], [/organization$/, "main"], [/version$/, "14.4"],
];

function sampleText(schema, name) {
  if (schema.format === "date-time") return "2026-01-31T12:00:00Z";
  const found = samples.find(([pattern]) => pattern.test(name));
  return found ? found[1] : "text";
}

// example is a value of a schema. Short ones have the required fields only, or
// one field where none is.
function example(schema, short, name = "", depth = 0) {
  schema = resolve(schema);
  const options = choices(schema);
  if (options.length) return example(options[0], short, name, depth);
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  switch (typesOf(schema)[0]) {
    case "object": return exampleObject(schema, short, depth);
    case "array": return depth < 6 ? [example(schema.items, short, name, depth + 1)] : [];
    case "integer": return Math.min(Math.max(schema.minimum || 0, 1), schema.maximum ?? 1);
    case "number": return Math.min(Math.max(schema.minimum || 0, 1.5), schema.maximum ?? 1.5);
    case "boolean": return true;
    case "string": return sampleText(schema, name);
  }
  return null;
}

function exampleObject(schema, short, depth) {
  const object = {};
  if (depth > 6) return object;
  if (isMap(schema)) return { key: example(schema.additionalProperties, short, "", depth + 1) };
  let names = Object.keys(schema.properties || {});
  const writable = names.filter(name => !resolve(schema.properties[name]).readOnly);
  if (short) {
    names = writable.filter(name => (schema.required || []).includes(name));
    if (!names.length && !depth) names = (writable.includes("name") ? ["name"] : writable).slice(0, 1);
  }
  for (const name of names) object[name] = example(schema.properties[name], short, name, depth + 1);
  return object;
}

const pretty = value => JSON.stringify(value, null, 2);

// curl is a command that runs an operation. What is in the path are variables
// of the shell.
function curl(path, method, operation) {
  const pages = (operation.parameters || []).some(p => p.name === "page[size]");
  const schema = bodyOf(operation.requestBody);
  let command = "curl" + (method === "get" ? "" : " -X " + method.toUpperCase()) + (pages ? " -g" : "");
  if (needsKey(operation)) command += ' -H "API-KEY: $API_KEY"';
  if (schema) {
    const body = pretty(example(schema, true)).replaceAll("'", "'\\''").replaceAll("\n", "\n  ");
    command += " -H 'Content-Type: application/json' \\\n  -d '" + body + "'";
  }
  return command + ' \\\n  "' + location.origin + path.replace(/\{([^}]+)\}/g, "$$$1") + (pages ? "?page[size]=10" : "") + '"';
}

const needsKey = operation => (operation.security || api.security || []).length > 0;

function bodyOf(part) {
  const content = part && part.content;
  const media = content && (content["application/json"] || Object.values(content)[0]);
  return media && media.schema;
}

// ---- Operations

function code(text) {
  const copy = make("button", { type: "button" }, "Copy");
  copy.addEventListener("click", () => copyText(text).then(
    () => { copy.textContent = "Copied"; }, () => { copy.textContent = "No access"; }).then(
    () => setTimeout(() => { copy.textContent = "Copy"; }, 1500)));
  return make("div", { className: "code" }, make("pre", { tabIndex: 0 }, text), copy);
}

// copyText works without https too, where there is no clipboard object.
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copying is not allowed");
}

function drawOperation(path, method, operation) {
  const body = make("div", { className: "body" });
  if (operation.description) body.append(make("p", {}, operation.description));
  if (!needsKey(operation)) body.append(make("p", { className: "faint" }, "Needs no key."));
  body.append(make("h3", {}, "Command"), code(curl(path, method, operation)));
  const parameters = operation.parameters || [];
  if (parameters.length) {
    body.append(make("h3", {}, "Parameters"), make("div", { className: "fields" },
      ...parameters.map(p => field(p.name, { ...resolve(p.schema), description: p.description }, p.required, "in " + p.in))));
  }
  const schema = bodyOf(operation.requestBody);
  if (schema) body.append(make("h3", {}, "Body"), ...drawSchema(schema));
  body.append(make("h3", {}, "Answers"), ...Object.entries(operation.responses || {}).map(([status, answer]) => drawAnswer(status, answer)));
  return body;
}

function drawSchema(schema) {
  const inner = inside(schema);
  const of = resolve(schema);
  const parts = [];
  if (typesOf(of)[0] !== "object") parts.push(make("p", { className: "faint" }, [typeName(of), limits(of)].filter(Boolean).join(", ")));
  if (inner) parts.push(fields(inner));
  parts.push(later("answer", "Example with every field", () => [code(pretty(example(schema, false)))]));
  return parts;
}

function drawAnswer(status, answer) {
  const title = make("span", {}, make("span", { className: "status" }, status === "default" ? "4xx, 5xx" : status), " " + (answer.description || ""));
  const schema = bodyOf(answer);
  const headers = Object.entries(answer.headers || {});
  if (!schema && !headers.length) return make("p", {}, title);
  return later("answer", title, () => [
    ...headers.map(([name, header]) => field(name, { ...resolve(header.schema), description: header.description }, false, "header")),
    ...(schema ? drawSchema(schema) : [])]);
}

// words are what an operation is found by.
function words(path, method, operation, tag) {
  const inner = inside(bodyOf(operation.requestBody));
  return [method, path, tag, operation.operationId, operation.summary, ...(operation.parameters || []).map(p => p.name),
    ...Object.keys(inner ? inner.properties : {})].join(" ").toLowerCase();
}

function listOperation(path, method, operation, tag) {
  const box = make("details", { className: "operation", id: operation.operationId || method + path }, make("summary", {},
    make("span", { className: "method " + method }, method.toUpperCase()),
    make("span", { className: "path" }, ...path.split(/(\{[^}]+\})/).map(part => part.startsWith("{") ? make("i", {}, part) : part)),
    make("span", { className: "summary" }, operation.summary || "")));
  box.dataset.words = words(path, method, operation, tag);
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) box.append(drawOperation(path, method, operation));
    if (box.open) history.replaceState(null, "", "#" + box.id);
  });
  return box;
}

const methods = ["get", "post", "put", "patch", "delete"];

// grouped are the operations by their first tag, in the order of the
// description.
function grouped() {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of methods.filter(method => item[method])) {
      const tag = (item[method].tags || ["other"])[0];
      groups.set(tag, [...(groups.get(tag) || []), [path, method, item[method]]]);
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function show() {
  document.title = byID("title").textContent = api.info.title;
  byID("title").append(" ", make("span", { className: "faint" }, api.info.version));
  byID("about").textContent = api.info.description || "";
  for (const scheme of Object.values((api.components || {}).securitySchemes || {})) {
    const form = scheme.type === "apiKey" ? scheme.name + ": KEY" : "Authorization: Bearer KEY";
    byID("keys").append(make("p", {}, make("span", { className: "name" }, form), make("span", { className: "faint" }, " " + (scheme.description || ""))));
  }
  for (const [tag, operations] of grouped()) {
    const id = "group-" + tag;
    document.querySelector("nav").append(make("a", { href: "#" + id }, tag, make("span", { className: "faint" }, operations.length)));
    byID("groups").append(make("section", { id }, make("h2", {}, tag),
      ...operations.map(([path, method, operation]) => listOperation(path, method, operation, tag))));
  }
  find();
  follow();
}

// ---- Search, links and keys

const operations = () => [...document.querySelectorAll(".operation")];

function find() {
  const wanted = byID("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const section of document.querySelectorAll("section")) {
    let any = false;
    for (const box of section.querySelectorAll(".operation")) {
      box.hidden = !wanted.every(word => box.dataset.words.includes(word));
      if (!box.hidden) { any = true; count++; }
    }
    section.hidden = !any;
  }
  byID("count").textContent = count + (count === 1 ? " operation" : " operations");
}

// follow opens the operation that the address names.
function follow() {
  const target = byID(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden || (target.closest("section") || {}).hidden) { byID("find").value = ""; find(); }
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

byID("find").addEventListener("input", find);
byID("find").addEventListener("keydown", event => {
  if (event.key === "Escape") { byID("find").value = ""; find(); }
  const first = operations().find(box => !box.hidden);
  if (event.key === "Enter" && first) { first.open = true; first.firstElementChild.focus(); first.scrollIntoView(); }
});
addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, textarea")) return;
  event.preventDefault();
  byID("find").focus();
});
addEventListener("hashchange", follow);
byID("theme").addEventListener("click", () => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
});

fetch(byID("raw").href).then(answer => {
  if (!answer.ok) throw new Error("the answer was " + answer.status);
  return answer.json();
}).then(description => { api = description; show(); }).catch(error => {
  byID("about").textContent = "The description cannot be shown: " + error.message;
});
