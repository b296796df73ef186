'use strict';
// Everything shown is set as text, never as markup: documentation cannot smuggle in a script.
const make = (name, attributes, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
};

let api;
const resolve = (value) => {
  let found = value;
  while (found && found.$ref) {
    found = found.$ref.slice(2).split('/').reduce((at, part) => at && at[part.replace(/~1/g, '/').replace(/~0/g, '~')], api);
  }
  return found || {};
};

// A value that fits a schema, to start from.
const sample = (schema, name, depth = 0) => {
  const found = resolve(schema);
  const kind = Array.isArray(found.type) ? found.type[0] : found.type;
  if (depth > 8) return null;
  if (found.enum) return found.enum[0];
  if (found.anyOf || found.oneOf) return sample((found.anyOf || found.oneOf)[0], name, depth + 1);
  switch (kind) {
    case 'object':
      return Object.fromEntries(Object.entries(found.properties || {}).map(([key, part]) => [key, sample(part, key, depth + 1)]));
    case 'array': return [sample(found.items || {}, name, depth + 1)];
    case 'integer': return Math.max(1, found.minimum > 0 ? found.minimum : 1);
    case 'number': return 1;
    case 'boolean': return false;
    case 'null': return null;
    case 'string': break;
    default: return null;
  }
  switch (found.format) {
    // What has happened is now; what is to come is tomorrow.
    case 'date-time': return new Date(Date.now() + (/_at$/.test(name || '') ? 0 : 86400000)).toISOString();
    case 'date': return new Date().toISOString().slice(0, 10);
    case 'uuid': return '018f4e6a-0000-7000-8000-000000000001';
    case 'decimal': return '12.50';
    case 'byte': return 'AQID';
    default: return (name || 'text').replace(/_id$/, '') + '-1';
  }
};

// A schema as a short text, such as `{ partner_id: PartnerId }`.
const outline = (schema, depth = 0) => {
  const name = schema.$ref ? schema.$ref.split('/').pop() : '';
  const found = resolve(schema);
  const pad = '  '.repeat(depth + 1);
  if (name && depth > 0 && (found.type !== 'object' || depth > 2)) {
    return found.enum ? name + ' (' + found.enum.map((one) => JSON.stringify(one)).join(' | ') + ')' : name;
  }
  if (found.enum) return found.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (found.anyOf || found.oneOf) return (found.anyOf || found.oneOf).map((one) => outline(one, depth)).join(' | ');
  const kinds = [].concat(found.type || 'any').map((kind) => {
    if (kind === 'array') return '[ ' + outline(found.items || {}, depth + 1) + ' ]';
    if (kind !== 'object') return kind === 'string' && found.format ? found.format : kind;
    const required = new Set(found.required || []);
    const lines = Object.entries(found.properties || {}).map(([key, part]) =>
      pad + key + (required.has(key) ? '' : '?') + ': ' + outline(part, depth + 1));
    return lines.length ? '{\n' + lines.join('\n') + '\n' + '  '.repeat(depth) + '}' : '{}';
  });
  return kinds.join(' | ');
};

const table = (heads, rows) => make('table', {},
  make('tr', {}, heads.map((head) => make('th', {}, head))),
  rows.map((row) => make('tr', {}, row.map((cell) => make('td', {}, cell)))));

const code = (text) => make('code', {}, text);

// The form that sends a request and shows what comes back.
const tryIt = (method, path, operation) => {
  const fields = (operation.parameters || []).map(resolve).map((parameter) => {
    const input = make('input', { name: parameter.name, placeholder: parameter.in + (parameter.required ? ', required' : ''),
      autocomplete: 'off' });
    return { parameter, input };
  });
  const content = operation.requestBody && operation.requestBody.content['application/json'];
  const body = content ? make('textarea', { spellcheck: 'false', 'aria-label': 'body' }) : null;
  if (body) body.value = JSON.stringify(sample(content.schema), null, 2);
  const result = make('div', { 'aria-live': 'polite' });
  const form = make('form', {},
    fields.map(({ parameter, input }) => make('label', {}, code(parameter.name), input)), body, make('button', {}, 'Send'), result);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    let target = path.slice(1);
    const query = new URLSearchParams();
    const headers = {};
    for (const { parameter, input } of fields) {
      if (parameter.in === 'path') target = target.replace('{' + parameter.name + '}', encodeURIComponent(input.value));
      else if (input.value === '') continue;
      else if (parameter.in === 'query') query.set(parameter.name, input.value);
      else headers[parameter.name] = input.value;
    }
    if (body && body.value.trim()) headers['Content-Type'] = 'application/json';
    const text = query.toString();
    result.replaceChildren(make('p', { class: 'dim' }, 'Sending …'));
    try {
      const options = { method, headers, cache: 'no-store' };
      if (body && body.value.trim()) options.body = body.value;
      const response = await fetch(new URL(target + (text ? '?' + text : ''), document.baseURI), options);
      const raw = await response.text();
      let shown = raw;
      try { shown = JSON.stringify(JSON.parse(raw), null, 2); } catch { /* shown as it came */ }
      const lines = [...response.headers].map(([name, value]) => name + ': ' + value).join('\n');
      result.replaceChildren(
        make('p', { class: response.ok ? 'get' : 'bad' }, response.status + ' ' + response.statusText),
        make('pre', {}, lines), make('pre', {}, shown || '(no body)'));
    } catch (error) {
      result.replaceChildren(make('p', { class: 'bad' }, 'No answer: ' + error.message));
    }
  });
  return form;
};

const shown = (method, path, operation) => {
  const parts = [make('p', {}, operation.description || '')];
  const parameters = (operation.parameters || []).map(resolve);
  if (parameters.length) {
    parts.push(make('h3', {}, 'Parameters'), table(['Name', 'In', 'Meaning'], parameters.map((parameter) =>
      [code(parameter.name), parameter.in, (parameter.required ? 'Required. ' : '') + (parameter.description || '')])));
  }
  if (operation.requestBody) {
    parts.push(make('h3', {}, 'Body'), make('pre', {}, outline(operation.requestBody.content['application/json'].schema)));
  }
  const rejections = operation['x-rejections'] || [];
  if (rejections.length) {
    parts.push(make('h3', {}, 'Refusals'), table(['Code', 'Class', 'Meaning'],
      rejections.map((one) => [make('a', { href: 'problems/' + encodeURIComponent(one.code) }, code(one.code)), one.class, one.message])));
  }
  const rungs = operation['x-boundary'] || [];
  if (rungs.length) {
    parts.push(make('h3', {}, 'What a success proves'), table(['Rung', 'Proves', 'Does not prove'],
      rungs.map((one) => [one.rung + ' ' + one.name, one.proves, one.doesNotProve])));
  }
  parts.push(make('h3', {}, 'Responses'), table(['Status', 'Meaning', 'Body'],
    Object.entries(operation.responses || {}).map(([status, response]) => {
      const content = Object.values(response.content || {})[0];
      return [code(status), make('p', {}, response.description || ''), content ? make('pre', {}, outline(content.schema)) : ''];
    })));
  parts.push(make('h3', {}, 'Try it'), tryIt(method.toUpperCase(), path, operation));
  return parts;
};

const entry = (path, method, operation) => {
  const inside = make('div', {});
  const details = make('details', { class: 'operation', id: operation.operationId },
    make('summary', {}, make('span', { class: 'method ' + method }, method.toUpperCase()),
      make('code', { class: 'path' }, path), make('span', { class: 'dim right' }, operation.summary || '')), inside);
  // Filled when it is first opened, so that a large API opens at once.
  details.addEventListener('toggle', () => {
    if (details.open && !inside.hasChildNodes()) inside.append(...shown(method, path, operation));
  });
  return details;
};

const draw = () => {
  const page = document.getElementById('page');
  document.title = api.info.title;
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
  page.replaceChildren(
    make('h1', {}, api.info.title),
    make('p', { class: 'dim' }, 'Version ' + api.info.version + ' · ', make('a', { href: 'openapi.json' }, 'openapi.json'),
      ' · ', make('a', { href: 'asyncapi.json' }, 'asyncapi.json')),
    make('p', {}, api.info.description || ''),
    make('nav', {}, api.tags.map((tag) => make('a', { href: '#tag-' + tag.name }, tag.name))),
    ...api.tags.map((tag) => make('section', { id: 'tag-' + tag.name }, make('h2', {}, tag.name),
      make('p', {}, tag.description || ''),
      operations.filter(({ operation }) => (operation.tags || []).includes(tag.name))
        .map(({ path, method, operation }) => entry(path, method, operation)))));
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted) { if ('open' in wanted) wanted.open = true; wanted.scrollIntoView(); }
};

fetch('./openapi.json').then((response) => response.json()).then((found) => { api = found; draw(); }).catch((error) => {
  document.getElementById('page').replaceChildren(make('p', { class: 'bad' }, 'The API cannot be shown: ' + error.message));
});
