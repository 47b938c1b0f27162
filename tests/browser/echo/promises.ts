// What the attested echo promises, as seen in Chromium and by the servers that it talks to.
import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { createPolicy } from "@fogbow/core-attest";
import { toHex, utf8 } from "@fogbow/core-bytes";
import { identityOf } from "@fogbow/runtime-enclave";
import type { Browser, Page } from "playwright-core";
import { listen } from "../visit.ts";
import { ITEM_IDS } from "./checklist.ts";
import { openEcho } from "./echo-channel.ts";
import { type Example, startExample } from "./example.ts";
import type { Scenario } from "./scenarios.ts";
import { type EchoServer, RESPONDER_ID } from "./servers.ts";
import { fetchTransport, grpcJsTransport } from "./unary-transports.ts";

/** Reports a promise, kept unless `body` throws. */
export type Check = (promise: string, body: () => void) => void;

/** Text that would do harm as markup, with letters beyond ASCII. */
const MESSAGE = '<img src=x onerror="alert(1)"> Grüße 🌫';
const WAIT_MS = 10_000;
/** The narrowest phone that the page is made for, in CSS pixels. */
const PHONE_WIDTH = 320;

/** Starts the example, visits its page and checks every promise. */
export async function checkEcho(browser: Browser, check: Check): Promise<void> {
  const example = await startExample();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints = await listen(page);
    await page.goto(example.url, { timeout: WAIT_MS });
    await checkPublished(page, example, check);
    await checkOtherClients(example, check);
    await checkRefusals(page, example, check);
    await checkPhone(page, check);
    await checkKeyboard(page, example, check);
    check("nothing of the attested echo violates its policy or complains", () => assert.deepEqual(complaints, []));
    console.log(`   (the page's JavaScript: ${example.scriptBytes} bytes, the kernel included)`);
  } finally {
    await context.close();
    await example.close();
  }
}

async function checkPublished(page: Page, { servers, url }: Example, check: Check): Promise<void> {
  const { measurement, seen } = servers.published;
  const shown = await settled(page, "passed");
  check("the page verifies an enclave itself, and shows each check as passed", () => {
    assert.equal(shown.title, "This server runs the published code");
    assert.deepEqual(
      shown.items.map(({ id, state }) => `${id} ${state}`),
      ITEM_IDS.map((id) => `${id} ${id === "debug" ? "warned" : "passed"}`),
    );
    const texts = Object.fromEntries(shown.items.map(({ id, text }) => [id, text]));
    assert.equal(texts.measurement?.split(toHex(measurement)).length, 3, "expected and found are named");
    assert.match(texts.certificates ?? "", /Fogbow simulated platform, protects nobody/);
    assert.match(texts.revocation ?? "", /list of \d{4}-/);
    assert.match(texts.tcb ?? "", /UpToDate, no advisories/);
    assert.match(texts.time ?? "", /until \d{4}-\d{2}-\d{2}/);
    assert.match(texts.binding ?? "", /report data.*handshake key/s);
  });
  const warning = await page.locator(".banner").innerText();
  check("it says that the simulated platform protects nobody", () =>
    assert.match(warning, /protects nobody from root/),
  );

  await page.fill("#message", MESSAGE);
  await page.keyboard.press("Enter");
  const echoed = await page.locator(".echo-text").innerText({ timeout: WAIT_MS });
  const images = await page.locator(".echo img").count();
  check("a message comes back from the enclave, and is shown as the text it is", () => {
    assert.equal(echoed, MESSAGE);
    assert.equal(images, 0);
  });
  check("it went by gRPC-web, to the process that has the session, and its host saw nothing of it", () => {
    assert.deepEqual(methods(seen), ["Auth", "Echo"]);
    const cookie = `echo=${toHex(measurement.subarray(0, 4))}`;
    assert.deepEqual(
      seen.map((call) => [call.protocol, call.origin, call.cookie]),
      [
        ["application/grpc-web+proto", new URL(url).origin, null],
        ["application/grpc-web+proto", new URL(url).origin, cookie],
      ],
    );
    assert.equal(saw(servers.published, MESSAGE), false);
  });
}

async function checkOtherClients({ servers }: Example, check: Check): Promise<void> {
  const { url, measurement, seen } = servers.published;
  const policy = createPolicy({ measurements: [{ identity: identityOf(measurement) }], platforms: ["simulated"] });
  const before = seen.length;
  const texts: string[] = [];
  for (const transport of [grpcJsTransport(url), fetchTransport(url)]) {
    const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
    const channel = openEcho({ responderId: RESPONDER_ID, policy }, { transport, random, now: Date.now });
    texts.push((await channel.echo("from Node")).text);
    channel.close();
  }
  check("grpc-js and plain fetch call the same handler with the same channel as gRPC-web from Chromium", () => {
    assert.deepEqual(texts, ["from Node", "from Node"]);
    const [grpc, http] = ["application/grpc", "application/proto"];
    assert.deepEqual(
      seen.slice(before).map(({ protocol, method }) => `${protocol} ${method}`),
      [`${grpc} Auth`, `${grpc} Echo`, `${http} Auth`, `${http} Echo`],
    );
  });
}

/** What a scenario must be refused for. */
interface Refusal {
  readonly promise: string;
  readonly scenario: Scenario["id"];
  readonly server: EchoServer;
  readonly code: string;
  readonly says: readonly RegExp[];
  /** The lines of the checklist that must have failed. */
  readonly failed: readonly string[];
}

async function checkRefusals(page: Page, { servers }: Example, check: Check): Promise<void> {
  const { published, tampered } = servers;
  const refusals: readonly Refusal[] = [
    {
      promise: "code with one byte changed is refused, with the measurements expected and found",
      scenario: "tampered",
      server: tampered,
      code: "measurement-unknown",
      says: [
        new RegExp(
          `expected MRENCLAVE ${toHex(published.measurement)}; found MRENCLAVE ${toHex(tampered.measurement)}`,
        ),
      ],
      failed: ["measurement"],
    },
    {
      promise: "the simulated platform is refused by a policy that does not name it",
      scenario: "hardware-only",
      server: published,
      code: "simulated-refused",
      says: [/expected sgx or tdx or sev-snp; found simulated/],
      failed: ["platform"],
    },
    {
      promise: "evidence that has expired by this device's clock is refused, with the hint to check the clock",
      scenario: "later",
      server: published,
      code: "crl-expired",
      says: [/has expired/, /Check this machine's clock/],
      failed: ["revocation", "time"],
    },
  ];
  for (const { promise, scenario, server, code, says, failed } of refusals) {
    const before = server.seen.length;
    await page.check(`#scenario-${scenario}`, { force: true }); // Its label covers it.
    const shown = await settled(page, "failed");
    await page.fill("#message", MESSAGE);
    await page.click("#send");
    await page.locator("#status-title", { hasText: "your message was not sent" }).waitFor({ timeout: WAIT_MS });
    const echoes = await page.locator(".echo").count();
    check(promise, () => {
      assert.equal(shown.code, code);
      for (const each of says) assert.match(shown.text, each);
      const lines = (which: (item: ShownItem) => boolean): string[] => shown.items.filter(which).map(({ id }) => id);
      assert.deepEqual(
        lines(({ state }) => state === "failed"),
        failed,
      );
      assert.deepEqual(
        lines(({ open }) => open),
        failed,
      );
    });
    check("… and nothing of a message is sent to it", () => {
      assert.deepEqual(methods(server.seen.slice(before)), ["Auth", "Auth"]);
      assert.equal(saw(server, MESSAGE), false);
      assert.equal(echoes, 0);
    });
  }
}

async function checkPhone(page: Page, check: Check): Promise<void> {
  await page.setViewportSize({ width: PHONE_WIDTH, height: 640 });
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
  const width = await page.evaluate("document.documentElement.scrollWidth");
  check(`on a phone of ${PHONE_WIDTH} pixels the page does not scroll sideways`, () =>
    assert.equal(width, PHONE_WIDTH),
  );
}

async function checkKeyboard(page: Page, { servers }: Example, check: Check): Promise<void> {
  const before = servers.published.seen.length;
  await page.reload({ timeout: WAIT_MS });
  await settled(page, "passed");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  const refused = await settled(page, "failed");
  await page.keyboard.press("ArrowUp");
  await settled(page, "passed");
  await page.keyboard.press("Tab");
  await page.keyboard.type("typed");
  await page.keyboard.press("Enter");
  const echoed = await page.locator(".echo-text").innerText({ timeout: WAIT_MS });
  await page.keyboard.press("Tab"); // To the button.
  await page.keyboard.press("Tab"); // To the first line of the checklist.
  await page.keyboard.press("Enter");
  const opened = await page.locator("#checklist details[open]").count();
  check("all of it can be used by keyboard alone, and a server is checked anew after another", () => {
    assert.equal(refused.code, "measurement-unknown");
    assert.equal(echoed, "typed");
    assert.equal(opened, 1);
    assert.deepEqual(methods(servers.published.seen.slice(before)), ["Auth", "Auth", "Echo"]);
  });
}

/** What the page shows of a verdict. */
interface Shown {
  readonly title: string;
  readonly text: string;
  readonly code: string;
  readonly items: readonly ShownItem[];
}

interface ShownItem {
  readonly id: string;
  readonly state: string;
  readonly text: string;
  /** Whether its checks are unfolded. */
  readonly open: boolean;
}

/** Waits until the page has come to an answer, and reads it. */
async function settled(page: Page, state: "passed" | "failed"): Promise<Shown> {
  const arrived = page.locator(`#status[data-state=${state}]`).waitFor({ timeout: WAIT_MS });
  await arrived.catch(async (cause: unknown) => {
    const shown = await page.locator("#status").innerText();
    throw new Error(`The page did not say that the server "${state}"; it says: ${shown}`, { cause });
  });
  return await page.evaluate<Shown>(`({
    title: document.getElementById("status-title").textContent,
    text: document.getElementById("status-text").textContent,
    code: document.getElementById("status-code").textContent,
    items: [...document.querySelectorAll("#checklist > .item")].map((item) => ({
      id: item.dataset.id, state: item.dataset.state, text: item.textContent, open: item.firstChild.open,
    })),
  })`);
}

const methods = (seen: EchoServer["seen"]): string[] => seen.map(({ method }) => method);

/** Whether a message travelled in the clear. */
function saw(server: EchoServer, message: string): boolean {
  return server.seen.some(({ input }) => toHex(input).includes(toHex(utf8(message))));
}
