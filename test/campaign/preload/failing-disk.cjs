'use strict';
// Preloaded (node --require): lets calls of the file system under one folder fail, as FAILING_DISK says in JSON:
// { under, call: 'write' | 'sync' | 'rename' | 'open' | 'read', at, times, how: an error's code, or 'short' }. Each thread counts for itself.
const promises = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');
const { resolve, sep } = require('node:path');

const { under, call, at, times, how } = JSON.parse(process.env.FAILING_DISK);
const root = resolve(under);
const isBelow = (path) => {
  const full = resolve(String(path));
  return full === root || full.startsWith(root + sep);
};
let seen = 0;
const strikes = (kind) => {
  if (kind !== call) return false;
  seen++;
  return seen > at && seen <= at + times;
};
const failure = (kind, path) =>
  Object.assign(new Error(`${how}: ${kind} '${path}'`), { code: how, syscall: kind, path });

const { open, rename, readFile } = promises;
promises.open = async (path, ...rest) => {
  if (isBelow(path) && strikes('open')) throw failure('open', path);
  const handle = await open(path, ...rest);
  return isBelow(path) ? cracked(handle, path) : handle;
};
promises.rename = async (from, to) => {
  if (isBelow(to) && strikes('rename')) throw failure('rename', to);
  return rename(from, to);
};
promises.readFile = async (path, ...rest) => {
  if (how !== 'short' && isBelow(path) && strikes('read')) throw failure('read', path);
  return readFile(path, ...rest);
};

function cracked(handle, path) {
  const { write, appendFile, writeFile, datasync, sync, read } = handle;
  handle.write = async (bytes, offset = 0, length = bytes.length - offset, ...rest) => {
    if (!strikes('write')) return write.call(handle, bytes, offset, length, ...rest);
    if (how === 'short') return write.call(handle, bytes, offset, Math.max(1, length >> 1), ...rest);
    // A disk that gives up in the middle keeps what came before.
    if (length > 1) await write.call(handle, bytes, offset, length >> 1, ...rest);
    throw failure('write', path);
  };
  const whole =
    (method) =>
    async (text, ...rest) => {
      if (how === 'short' || !strikes('write')) return method.call(handle, text, ...rest);
      const bytes = Buffer.from(text);
      await write.call(handle, bytes, 0, bytes.length >> 1);
      throw failure('write', path);
    };
  handle.appendFile = whole(appendFile);
  handle.writeFile = whole(writeFile);
  for (const [name, method] of Object.entries({ datasync, sync })) {
    handle[name] = async () => {
      if (strikes('sync')) throw failure(name, path);
      return method.call(handle);
    };
  }
  handle.read = async (...words) => {
    if (strikes('read')) {
      if (how !== 'short') throw failure('read', path);
      const [bytes, offset, length, position] = words;
      if (ArrayBuffer.isView(bytes)) return read.call(handle, bytes, offset, Math.max(1, length >> 1), position);
    }
    return read.call(handle, ...words);
  };
  return handle;
}

syncBuiltinESMExports();
