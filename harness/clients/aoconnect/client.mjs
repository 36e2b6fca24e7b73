// Asks a node in ANS-104 mode with @permaweb/aoconnect; see usage below. Prints one JSON line for each answer.
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const usage = `usage: client.mjs wallet FILE              makes a wallet, prints its address
       client.mjs ask URL WALLET FIELDS...     a request for each FIELDS, which is JSON; "save": FILE keeps its body`;

// Only the node may be asked: the library has default hosts, and must not reach for them.
function only(url, saved) {
  const fetch = globalThis.fetch;
  globalThis.fetch = (target, options) => {
    if (new URL(target).origin !== new URL(url).origin) throw new Error(`asks ${target}`);
    if (saved.file) writeFileSync(saved.file, options.body);
    if (saved.change) options.body = saved.change(options.body);
    return fetch(target, options);
  };
}

function wallet(file) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 4096 });
  const jwk = privateKey.export({ format: "jwk" });
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  console.log(createHash("sha256").update(Buffer.from(jwk.n, "base64url")).digest("base64url"));
}

// The last byte of the data or of a tag, behind the signature.
function flip(body) {
  const changed = new Uint8Array(body);
  changed[changed.length - 1] ^= 1;
  return changed;
}

async function ask(url, file, requests) {
  const saved = {};
  only(url, saved);
  const { connect, createSigner } = await import("@permaweb/aoconnect");
  const signer = createSigner(JSON.parse(readFileSync(file)));
  for (const text of requests) {
    const { save, broken, ...fields } = JSON.parse(text);
    saved.file = save;
    saved.change = broken ? flip : undefined;
    // A client keeps the path of its last request in its URL, so each request has its own.
    const { request } = connect({ MODE: "mainnet", URL: url, signer });
    const answer = await request({ "signing-format": "ans104", method: "POST", ...fields });
    const headers = Object.fromEntries(answer.headers);
    console.log(JSON.stringify({ status: answer.status, headers, body: await answer.text() }));
  }
}

const [command, ...rest] = process.argv.slice(2);
if (command === "wallet" && rest.length === 1) wallet(rest[0]);
else if (command === "ask" && rest.length >= 3) await ask(rest[0], rest[1], rest.slice(2));
else {
  console.error(usage);
  process.exitCode = 100;
}
