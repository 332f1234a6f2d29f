// Preloaded into a run to be measured on a slow disk: every write to a file takes 100 ms longer, in all threads.
const fs = require('node:fs/promises');

const patched = fs.open;
fs.open = async (...words) => {
  const handle = await patched(...words);
  for (const name of ['write', 'writev', 'appendFile', 'writeFile']) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return original(...args);
    };
  }
  return handle;
};
require('node:module').syncBuiltinESMExports();
