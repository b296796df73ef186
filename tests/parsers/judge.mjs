// What parsers of AsyncAPI and OpenAPI make of documents: `node judge.mjs <file> …` prints one verdict for each file.
//
// A verdict has `findings`, one line of text for each thing that is wrong, and what was `understood` of the document.
import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';
import redocly from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';

// Of the AsyncAPI Initiative. Errors and warnings count; a hint that there is a later version of the format does not.
const WARNING = 1;
const asyncapi = async (text, file) => {
  const { document, diagnostics } = await new Parser().parse(text, { source: file });
  const findings = diagnostics
    .filter((one) => one.severity <= WARNING)
    .map((one) => `${one.code} at ${one.path.join('/')}: ${one.message}`);
  if (!document && findings.length === 0) findings.push('the parser gave no document');
  const understood = (document ? document.operations().all() : []).map((operation) => ({
    operation: operation.id(),
    action: operation.action(),
    addresses: operation.channels().all().map((channel) => channel.address()),
    messages: operation.messages().all().map((message) => ({
      name: message.name(),
      contentType: message.contentType(),
      correlation: message.correlationId()?.location(),
      headers: Object.keys(message.headers()?.properties() ?? {}).sort(),
      payload: Object.keys(message.payload()?.properties() ?? {}).sort(),
    })),
  }));
  return { findings, understood };
};

// The schema of the OpenAPI Initiative, and then what no schema can say.
const rules = [
  'struct',
  'no-unresolved-refs',
  'no-identical-paths',
  'no-schema-type-mismatch',
  'operation-operationId-unique',
  'operation-parameters-unique',
  'path-declaration-must-exist',
  'path-not-include-query',
  'path-parameters-defined',
  'spec-components-invalid-map-name',
];
const config = await redocly.createConfig({ rules: Object.fromEntries(rules.map((rule) => [rule, 'error'])) });
const openapi = async (text, file) => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(text));
  const listed = [].concat(errors ?? (valid ? [] : 'not valid'));
  const schema = listed.map((one) => `schema at ${one.instancePath ?? ''}: ${one.message ?? one}`);
  const problems = await redocly.lintFromString({ source: text, absoluteRef: file, config });
  const others = problems.map((one) => `${one.ruleId} at ${one.location[0]?.pointer}: ${one.message}`);
  const operations = Object.values(JSON.parse(text).paths ?? {}).flatMap((item) => Object.values(item));
  return { findings: [...schema, ...others], understood: operations.map((one) => one.operationId) };
};

const verdicts = [];
for (const file of process.argv.slice(2)) {
  const text = await readFile(file, 'utf8');
  verdicts.push(await ('asyncapi' in JSON.parse(text) ? asyncapi : openapi)(text, file));
}
console.log(JSON.stringify(verdicts));
