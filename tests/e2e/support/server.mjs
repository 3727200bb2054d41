// The two hosts of the shop, each started fresh: an empty database, one staff account, a free port.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IPSWICH = process.env.IPSWICH ?? join(ROOT, "target/debug/ipswich");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
const SECRET = "known to everybody who reads this file";
const STAFF = { email: "owner@ipswich-retail.example", password: "north sea herring 1904" };

/** How long a server may take before it answers. */
const START_MS = 60_000;

/** The hosts that tests run on; IPSWICH_HOSTS=native or =edge chooses one. */
export const HOSTS = [
  { name: "native", start: startNative },
  { name: "edge", start: startEdge },
].filter(({ name }) => (process.env.IPSWICH_HOSTS ?? "native,edge").split(",").includes(name));

/** `variables` are set beside those that every shop needs. */
async function startNative({ site = join(ROOT, "dist"), variables = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "ipswich-native-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  call(IPSWICH, ["staff", STAFF.email, "--name", "Test Owner", "--data", folder], { input: STAFF.password });
  const environment = {
    IPSWICH_ENVIRONMENT: "test",
    IPSWICH_BASE_URL: url,
    IPSWICH_SECRET: SECRET,
    IPSWICH_MAIL_FROM: "shop@ipswich-retail.example",
    ...variables,
  };
  const server = launch(IPSWICH, ["serve", "--site", site, "--data", folder, "--port", String(port)], folder, environment);
  await server.answers(`${url}/ready/`);
  return { url, staff: STAFF, folder, log: server.log, stop: server.stop };
}

async function startEdge(site = {}) {
  const folder = await mkdtemp(join(tmpdir(), "ipswich-edge-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await cp(await preparedState(await prebuiltConfig()), join(folder, "state"), { recursive: true });
  const config = await prebuiltConfig(site);
  const options = ["dev", "--config", config, "--env", "", "--persist-to", join(folder, "state")];
  options.push("--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0");
  options.push("--show-interactive-dev-session=false", "--live-reload=false");
  options.push("--var", `IPSWICH_BASE_URL:${url}`, "--var", `IPSWICH_SECRET:${SECRET}`, "--var", "IPSWICH_ENVIRONMENT:test");
  for (const [name, value] of Object.entries(site.variables ?? {})) options.push("--var", `${name}:${value}`);
  const server = launch(process.execPath, [WRANGLER, ...options], folder, WRANGLER_ENVIRONMENT);
  await server.answers(`${url}/ready/`);
  /** Runs the Worker's scheduled event, which wrangler does not do by itself. */
  const tick = async () => (await fetch(`${url}/cdn-cgi/local/scheduled`)).text();
  return { url, staff: STAFF, folder, log: server.log, stop: server.stop, tick };
}

/** A copy of the demo shop's files in a folder of their own, for tests that change them. */
async function copyProject(folder) {
  const project = join(folder, "project");
  for (const part of ["content", "themes"]) await cp(join(ROOT, part), join(project, part), { recursive: true });
  return project;
}

/** The demo shop with more lines in its settings, built into a folder that the caller removes. */
export async function buildSite(moreSettings) {
  const folder = await mkdtemp(join(tmpdir(), "ipswich-site-"));
  const project = await copyProject(folder);
  await appendFile(join(project, "content/shop.toml"), moreSettings);
  call(IPSWICH, ["build"], { cwd: project });
  return { site: join(project, "dist"), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** `ipswich dev` over a copy of the demo shop, whose folder is `project`: tests change files there. */
export async function startDev() {
  const folder = await mkdtemp(join(tmpdir(), "ipswich-dev-"));
  const project = await copyProject(folder);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const server = launch(IPSWICH, ["dev", "--data", join(folder, "data"), "--port", String(port)], folder, {}, project);
  await server.answers(`${url}/ready/`);
  return { url, project, folder, log: server.log, stop: server.stop };
}

// Nothing is reported to anybody, and nobody is asked where this machine is.
const WRANGLER_ENVIRONMENT = { CI: "true", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };

/**
 * wrangler.toml without its build command: tests run what was built before them. `site` is another folder than dist/,
 * `notFound` another way to handle addresses that no file has.
 */
async function prebuiltConfig({ site, notFound } = {}) {
  const text = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const prebuilt = text
    .replace(/^\[build\]\n(?:(?!\[).*\n)*/m, "")
    .replaceAll('"edge/', `"${ROOT}edge/`)
    .replace('directory = "dist"', `directory = "${site ?? `${ROOT}dist`}"`)
    .replace(/not_found_handling = .*/, (line) => (notFound ? `not_found_handling = "${notFound}"` : line))
    .replace(/^"\$schema".*\n/m, "");
  const folder = join(ROOT, ".wrangler");
  await mkdir(folder, { recursive: true });
  const file = join(folder, site || notFound ? `e2e-${process.pid}.toml` : "e2e.toml");
  await writeWhole(file, prebuilt);
  return file;
}

/** A local D1 with all migrations and the staff account, made once for each set of migrations. */
async function preparedState(config) {
  const migrations = join(ROOT, "edge/migrations");
  const hash = createHash("sha256").update(await readFile(config));
  for (const name of (await readdir(migrations)).sort()) hash.update(name).update(await readFile(join(migrations, name)));
  const state = join(ROOT, ".wrangler", `e2e-state-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(state)) return state;
  const fresh = await mkdtemp(join(ROOT, ".wrangler", "e2e-fresh-"));
  try {
    await prepare(config, fresh);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  // Another test file may have been quicker; its state is as good.
  await rename(fresh, state).catch(() => rm(fresh, { recursive: true, force: true }));
  return state;
}

/** Applies the migrations and creates the staff account. */
async function prepare(config, folder) {
  const where = ["--local", "--config", config, "--env", "", "--persist-to", folder];
  const environment = { ...process.env, ...WRANGLER_ENVIRONMENT };
  call(process.execPath, [WRANGLER, "d1", "migrations", "apply", "DB", ...where], { env: environment });
  const sql = call(IPSWICH, ["staff", STAFF.email, "--name", "Test Owner", "--sql"], { input: STAFF.password });
  const script = join(folder, "staff.sql");
  await writeFile(script, sql);
  call(process.execPath, [WRANGLER, "d1", "execute", "DB", "--yes", "--file", script, ...where], { env: environment });
}

async function writeWhole(file, text) {
  const part = `${file}.${process.pid}`;
  await writeFile(part, text);
  await rename(part, file);
}

/** Runs a program to its end and returns what it wrote; a failure shows all of it. */
function call(program, options, settings = {}) {
  const done = spawnSync(program, options, { cwd: ROOT, encoding: "utf8", ...settings });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${program} ${options.join(" ")} failed:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Starts a server as the leader of a process group, so that `stop` ends all that it starts. */
function launch(program, options, folder, environment, cwd = ROOT) {
  const logFile = join(folder, "log");
  const output = openSync(logFile, "a");
  const child = spawn(program, options, {
    cwd,
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, ...environment },
  });
  closeSync(output);
  const log = () => readFile(logFile, "utf8");
  let ended = null;
  const end = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve((ended = code ?? signal)));
    child.once("error", (error) => resolve((ended = error)));
  });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone already.
    }
  };
  const killGroup = () => signal("SIGKILL");
  process.once("exit", killGroup);

  async function stop() {
    signal("SIGTERM");
    await Promise.race([end, sleep(5000)]);
    signal("SIGKILL");
    process.removeListener("exit", killGroup);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async function answers(url) {
    const until = Date.now() + START_MS;
    let last = "nothing";
    while (ended === null && Date.now() < until) {
      const answer = await fetch(url).catch((error) => error);
      if (answer.ok) return;
      last = answer.status ? `${answer.status} ${await answer.text()}` : (answer.cause ?? answer);
      await sleep(100);
    }
    const written = await log();
    await stop();
    throw new Error(`${url} was not ready (${ended ?? last}):\n${written}`);
  }

  return { log, stop, answers };
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
