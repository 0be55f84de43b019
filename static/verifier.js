/* Checks an evidence pack or a proof without any network. SHA-256 and Ed25519 by the browser; what it cannot check it says. */
"use strict";
const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
const base64 = (word) => Uint8Array.from(atob(word), (one) => one.charCodeAt(0));
const join = (...parts) => { const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)); let at = 0; for (const part of parts) { whole.set(part, at); at += part.length; } return whole; };
const same = (one, two) => hex(one) === hex(two);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/* The files of a ZIP whose files are stored, by its central directory. */
function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), files = {};
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Error("zip");
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [size, name, more, note] = [24, 28, 30, 32].map((from) => from === 24 ? view.getUint32(at + 24, true) : view.getUint16(at + from, true));
    if (view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0) throw new Error("zip");
    const start = view.getUint32(at + 42, true), body = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    files[text(bytes.subarray(at + 46, at + 46 + name))] = bytes.subarray(body, body + size);
    at += 46 + name + more + note;
  }
  return files;
}

function readKeys(lines) {
  return lines.filter(Boolean).map((line) => {
    const [name, id, ...rest] = line.split("+"), packed = base64(rest.join("+"));
    return { name, id, isEd25519: packed[0] === 1 && packed.length === 33, raw: packed.subarray(1) };
  });
}

/* A signed note: its text, and whether one Ed25519 signature by a known key holds. */
async function readNote(note, keys) {
  const cut = note.lastIndexOf("\n\n"), body = note.slice(0, cut + 1);
  for (const line of note.slice(cut + 2).split("\n").filter(Boolean)) {
    const [, name, packed] = line.split(" "), blob = base64(packed), id = hex(blob.subarray(0, 4));
    const known = keys.find((key) => key.isEd25519 && key.id === id && key.name === name);
    if (!known) continue;
    const key = await crypto.subtle.importKey("raw", known.raw, { name: "Ed25519" }, false, ["verify"]);
    if (await crypto.subtle.verify({ name: "Ed25519" }, key, blob.subarray(4), utf8(body))) return { body, holds: true };
  }
  return { body, holds: false };
}

/* RFC 9162 2.1.3.2. */
async function rootOf(index, size, leaf, path) {
  let place = index, last = size - 1, node = leaf;
  for (const part of path) {
    if (last === 0) return null;
    if (place % 2 || place === last) {
      node = await sha256(join(Uint8Array.of(1), part, node));
      while (place && place % 2 === 0) { place = Math.floor(place / 2); last = Math.floor(last / 2); }
    } else node = await sha256(join(Uint8Array.of(1), node, part));
    place = Math.floor(place / 2); last = Math.floor(last / 2);
  }
  return last === 0 ? node : null;
}

async function checkEntry(entry, head, fault) {
  const leaf = await sha256(join(Uint8Array.of(0), utf8(entry.leaf))), digests = JSON.parse(entry.leaf).digests;
  const root = await rootOf(entry.index, head.size, leaf, entry.path.map(unhex));
  if (!root || !same(root, head.root)) fault(`event ${entry.index}`);
  for (const [name, one] of Object.entries(entry.disclosed))
    if (hex(await sha256(join(unhex(one.salt), utf8(one.value)))) !== digests[name]) fault(`event ${entry.index}: ${name}`);
}

async function checkHead(note, keys, fault) {
  const { body, holds } = await readNote(note, keys), lines = body.split("\n");
  if (!holds) fault("checkpoint");
  return { size: Number(lines[1]), root: base64(lines[2]), line: `${lines[0]}, ${lines[1]}, ${lines[3]}` };
}

/* Which keys were used, and where the company publishes its own. */
function tellKeys(head, keys) {
  const { published } = document.querySelector("main").dataset, slug = head.line.split("/")[1];
  return [...keys.map((key) => `${key.isEd25519 ? "Ed25519" : "ML-DSA-65"} ${key.id}`), `${published}${slug}`];
}

async function checkPack(files, fault) {
  const keys = readKeys(text(files["keys.txt"]).split("\n")), manifest = JSON.parse(text(files["manifest.json"]));
  const seal = await readNote(text(files["manifest.note"]), keys), sum = base64(seal.body.split("\n")[1]);
  if (!seal.holds || !same(sum, await sha256(files["manifest.json"]))) fault("manifest.json");
  for (const path of new Set([...Object.keys(files), ...Object.keys(manifest.files)])) {
    if (path === "manifest.json" || path === "manifest.note") continue;
    if (!files[path] || !manifest.files[path] || hex(await sha256(files[path])) !== manifest.files[path].sha256) fault(path);
  }
  const head = await checkHead(text(files["log/checkpoint.txt"]), keys, fault), signed = {}, newer = {};
  for (const entry of JSON.parse(text(files["log/events.json"])).entries) {
    await checkEntry(entry, head, fault);
    const told = (name) => JSON.parse((entry.disclosed[`payload.${name}`] || { value: "null" }).value);
    const { type, at } = JSON.parse(entry.leaf);
    if (type === "agreement.signed") signed[told("id")] = `${told("terms_digest")} ${told("html_digest")}`;
    if (type === "agreement.amended" && told("amends")) newer[told("amends")] = at.slice(0, 10);
    if (type === "agreement.withdrawn") delete newer[told("back_to")];
  }
  for (const ref of new Set(Object.keys(files).filter((path) => path.startsWith("agreements/")).map((path) => path.split("/")[1]))) {
    const [terms, html] = [files[`agreements/${ref}/terms.json`], files[`agreements/${ref}/agreement.html`]];
    if (!terms || !html || signed[ref] !== `${hex(await sha256(terms))} ${hex(await sha256(html))}`) fault(`agreements/${ref}`);
  }
  if (files["keys.json"]) {
    const listed = JSON.parse(text(files["keys.json"])).keys, line = (one) => one.line;
    if (listed.filter((one) => one.use === "log").map(line).join() !== text(files["keys.txt"]).trim().split("\n").join()) fault("keys.json");
    for (const path of Object.keys(files).filter((name) => name.endsWith("/copy-seal.json"))) {
      const seal = JSON.parse(text(files[path])), own = listed.find((one) => one.use === "papers" && one.key_id === seal.key_id);
      if (!own || own.public_key !== seal.public_key) fault(path);
      if (seal.file_sha256 !== hex(await sha256(files[path.replace("copy-seal.json", "copy.pdf")]))) fault(path);
    }
  }
  const { replaced } = document.querySelector("main").dataset;
  const gone = Object.entries(newer).map(([ref, on]) => `${replaced} ${ref.slice(-12).toUpperCase()} (${on})`);
  return [...gone, head.line, ...tellKeys(head, keys)];
}

async function checkFile(bytes, fault) {
  if (bytes[0] === 0x50) return checkPack(unzip(bytes), fault);
  const proof = JSON.parse(text(bytes)), keys = readKeys(proof.keys);
  if (proof.format !== "portal-proof/1") throw new Error("format");
  const head = await checkHead(proof.checkpoint, keys, fault);
  await checkEntry(proof, head, fault);
  return [head.line, ...tellKeys(head, keys)];
}

function say(place, lines) {
  place.replaceChildren(...lines.map((line) => { const item = document.createElement("li"); item.textContent = line; return item; }));
}

document.addEventListener("change", async (event) => {
  const main = document.querySelector("main"), answer = document.querySelector("#answer"), faults = [];
  if (!event.target.files || !event.target.files[0]) return;
  try {
    if (!crypto.subtle) throw new Error("subtle");
    const told = await checkFile(new Uint8Array(await event.target.files[0].arrayBuffer()), (part) => faults.push(part));
    answer.textContent = faults.length ? main.dataset.altered : main.dataset.genuine;
    say(document.querySelector("#told"), faults.length ? faults : told);
  } catch (problem) {
    answer.textContent = ["subtle", "NotSupportedError"].includes(problem.name === "Error" ? problem.message : problem.name) ? main.dataset.unable : main.dataset.unknown;
    say(document.querySelector("#told"), []);
  }
});
