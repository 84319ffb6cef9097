// tus-js-client as it comes from npm: uploads a file, in chunks, pausing where it is told to.
// node tus_client.cjs <web folder> <options as JSON>
const { createRequire } = require("node:module");
const fs = require("node:fs");
const path = require("node:path");

const [web, given] = process.argv.slice(2);
const tus = createRequire(path.join(web, "package.json"))("tus-js-client");
const options = JSON.parse(given);

const upload = new tus.Upload(fs.createReadStream(options.file), {
  endpoint: options.endpoint,
  uploadUrl: options.uploadUrl ?? null,
  headers: { Authorization: `Bearer ${options.token}` },
  metadata: options.metadata,
  chunkSize: options.chunkSize,
  uploadSize: fs.statSync(options.file).size,
  uploadDataDuringCreation: options.uploadDataDuringCreation ?? false,
  overridePatchMethod: options.overridePatchMethod ?? false,
  retryDelays: [100, 200, 400, 1000, 2000],
  onChunkComplete: (_, accepted) => {
    if (options.stopAfter && accepted >= options.stopAfter) {
      upload.abort().then(() => say({ stopped: accepted }));
    }
  },
  onError: (error) => say({ error: String(error) }, 1),
  onSuccess: () => say({ done: true }),
});

function say(told, code = 0) {
  process.stdout.write(`${JSON.stringify({ url: upload.url, ...told })}\n`, () => process.exit(code));
}

upload.start();
