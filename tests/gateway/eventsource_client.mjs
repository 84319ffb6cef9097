// `eventsource` as it comes from npm: prints every event as a JSON line, and comes back by itself.
// node eventsource_client.mjs <web folder> <url> <token>
import { createRequire } from "node:module";
import path from "node:path";

const [web, url, token] = process.argv.slice(2);
const { EventSource } = createRequire(path.join(web, "package.json"))("eventsource");

const source = new EventSource(url, {
  fetch: (input, init) =>
    fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
});
for (const name of ["change", "hb", "resync", "device"]) {
  source.addEventListener(name, (event) => {
    const told = { id: event.lastEventId, event: name, data: JSON.parse(event.data) };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  });
}
