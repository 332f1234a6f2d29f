import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Command, Option } from 'commander';
import { ParameterError, PipelineError } from '../error.ts';
import { checkParameters, flagName, idleInWords, parseParameter } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';

/** A default as `--help` shows it. */
export function shownDefault(value: unknown): string {
  if (value === null) return 'auto';
  const shown = Array.isArray(value) ? value.join(',') : String(value ?? '');
  return shown === '' ? 'none' : shown;
}

/** Options that a command has beside those that are added before the parameters. */
const reserved = ['help', 'version', 'config', 'preset'];

/** Throws where a parameter can't be a flag: its name isn't in camel case, or is that of an option of the command line. */
function checkNames(command: Command, { name: pipeline, parameters }: Pipeline): void {
  const taken = new Set([...reserved, ...command.options.map((option) => option.attributeName())]);
  for (const name of Object.keys(parameters)) {
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw new PipelineError(
        `parameter '${name}' of pipeline ${pipeline} must be named in letters and digits, in camel case: weightVariance is --weight-variance`,
      );
    }
    if (taken.has(name)) {
      throw new PipelineError(
        `parameter '${name}' of pipeline ${pipeline} must have another name: --${flagName(name)} is an option of crackle ${command.name()}`,
      );
    }
  }
}

/** Parameters that say how much is computed, of one pipeline or another. */
const amounts = ['valid', 'perturbations', 'networks', 'leastNetworks', 'mostNetworks', 'runs'];

/** Flags of other pipelines that say how much is computed are told what says so here: their names don't resemble each other. */
function addForeignAmounts(command: Command, { name: pipeline, parameters }: Pipeline): void {
  const own = amounts.filter((name) => Object.hasOwn(parameters, name)).map((name) => `--${flagName(name)}`);
  if (own.length === 0) return;
  for (const name of amounts) {
    if (Object.hasOwn(parameters, name)) continue;
    const refuse = (): never => {
      throw new ParameterError(
        `unknown option '--${flagName(name)}': how much ${pipeline} computes is said by ${own.join(' and ')}`,
      );
    };
    command.addOption(new Option(`--${flagName(name)} <number>`).argParser(refuse).hideHelp());
  }
}

/**
 * Adds one flag for each declared parameter, in a group of their own in `--help`.
 * @throws PipelineError for a parameter that can't be a flag
 */
export function addParameterOptions(command: Command, pipeline: Pipeline): void {
  checkNames(command, pipeline);
  const { parameters: specs, presets } = pipeline;
  for (const [name, spec] of Object.entries(specs)) {
    // Lines break between words alone: names that make a long one are told apart by spaces, in the text.
    const isLong = spec.placeholder.length > 50;
    const names = spec.placeholder.replace(/,…$/, '').replaceAll('|', ', ');
    const placeholder = isLong ? 'names,…' : spec.placeholder;
    const word = spec.bare === undefined ? `<${placeholder}>` : `[${placeholder}]`;
    const byDefault = shownDefault(spec.default);
    // No default of commander's own: it would look like a flag that was given, and win over the config file.
    const text = `${spec.doc}${isLong ? `: any of ${names}` : ''} (default: ${byDefault.length > 45 ? byDefault.replaceAll(',', ', ') : byDefault})`;
    command.addOption(new Option(`--${flagName(name)} ${word}`, text).helpGroup('Parameters of the pipeline:'));
  }
  addForeignAmounts(command, pipeline);
  if (presets !== undefined) {
    const docs = Object.entries(presets).map(([name, { doc }]) => `${name}: ${doc}`);
    command.addOption(
      new Option('--preset <name>', `values that go together; flags and config win over them. ${docs.join('; ')}`)
        .choices(Object.keys(presets))
        .helpGroup('Parameters of the pipeline:'),
    );
  }
  command.addOption(
    new Option('--config <file.json>', 'parameters from a JSON file; flags win over it').helpGroup(
      'Parameters of the pipeline:',
    ),
  );
}

function readConfig(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ParameterError(`config must be a readable file, got '${path}': ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`config ${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParameterError(`config ${path} must hold one JSON object of parameters`);
  }
  return value as Record<string, unknown>;
}

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/**
 * The pipeline's parameters as given: defaults, then a preset, then the config file, then flags; checked.
 * @param tell hears of flags, and of values in the config file other than the default, that have no effect beside the rest
 * @throws ParameterError naming the flag, what was expected and what was got, or what it contradicts
 */
export function readParameters(
  options: Record<string, unknown>,
  { parameters: specs, presets = {} }: Pipeline,
  tell: (sentence: string) => void,
): Record<string, unknown> {
  const preset = typeof options.preset === 'string' ? presets[options.preset] : undefined;
  const given: Record<string, unknown> = { ...preset?.values };
  const named = new Set<string>();
  if (typeof options.config === 'string') {
    const seen = new Set<string>();
    for (const [word, value] of Object.entries(readConfig(options.config))) {
      const name = camelCase(word);
      if (seen.has(name)) throw new ParameterError(`config ${options.config} gives ${flagName(name)} twice`);
      seen.add(name);
      // Not by assignment: `__proto__` would set what is inherited, which the check of names doesn't see.
      Object.defineProperty(given, name, { value, enumerable: true, writable: true, configurable: true });
      // A manifest's parameters make a config, defaults and all.
      if (Object.hasOwn(specs, name) && !isDeepStrictEqual(value, specs[name]!.default)) named.add(name);
    }
  }
  for (const [name, spec] of Object.entries(specs)) {
    const word = options[name] === true ? spec.bare : options[name];
    if (typeof word !== 'string') continue;
    given[name] = parseParameter(name, spec, word);
    named.add(name);
  }
  const values = checkParameters(specs, given);
  for (const sentence of idleInWords(specs, named, values)) tell(sentence);
  return values;
}
