// Tests of who may call.
import { createHmac } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { BuildInfoApi, BuildInfoSchema, Health } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { buildInfoService, healthService, serve, tokenHeader } from "../src/index.ts";
import { tokenAuth } from "../src/token-auth.ts";
import { closedHealth, customHealth, NOW, serving } from "./serving.ts";

const SECRET = new Uint8Array(32).fill(7); // A test key.
const check = tokenAuth({ sharedSecret: SECRET });
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString("base64")}`;
const reason = (header: string | null): string | undefined => check(header, NOW)?.rawMessage;

describe("tokens", () => {
  test("are what MobileCoin's clients send", () => {
    const seconds = NOW / 1000;
    const code = createHmac("sha256", SECRET).update(`alice:${seconds}`).digest("hex").slice(0, 20);
    const header = basic(`alice:alice:${seconds}:${code}`);
    expect(tokenHeader(SECRET, "alice", NOW)).toBe(header);
    expect(reason(header)).toBeUndefined();
  });

  test.each([
    ["nothing", null],
    ["another scheme", "Bearer abc"],
    ["a scheme in small letters", tokenHeader(SECRET, "alice", NOW).replace("Basic", "basic")],
    ["no base64", "Basic *"],
  ])("with %s are no tokens", (_, header) => {
    expect(reason(header)).toBe("Unauthenticated");
  });

  test.each([
    ["no password", basic("alice")],
    ["too few parts", basic("alice:alice:1700000000")],
    ["too many parts", basic("alice:alice:1700000000:00:00")],
    ["another name inside, whatever its time", basic("alice:bob:1:00")],
    ["a time that is no number", basic("alice:alice:NaN:00")],
  ])("with %s are invalid", (_, header) => {
    expect(reason(header)).toBe("invalid");
  });

  test("are good for a day before and after, and not a second longer", () => {
    const day = 86_400_000;
    expect(reason(tokenHeader(SECRET, "a", NOW - day + 1000))).toBeUndefined();
    expect(reason(tokenHeader(SECRET, "a", NOW + day - 1000))).toBeUndefined();
    expect(reason(tokenHeader(SECRET, "a", NOW - day))).toBe("expired");
    expect(reason(tokenHeader(SECRET, "a", NOW + day))).toBe("expired");
  });

  test("of another secret, or with any letter of the code changed, are invalid", () => {
    expect(reason(tokenHeader(new Uint8Array(32), "a", NOW))).toBe("invalid");
    const text = Buffer.from(tokenHeader(SECRET, "a", NOW).slice("Basic ".length), "base64").toString();
    for (let i = text.lastIndexOf(":") + 1; i < text.length; i++) {
      const other = `${text.slice(0, i)}${text[i] === "0" ? "1" : "0"}${text.slice(i + 1)}`;
      expect(reason(basic(other))).toBe("invalid");
    }
    expect(reason(basic(text.slice(0, -1)))).toBe("invalid");
  });

  test("are asked for when there is a secret", async () => {
    const { url } = await serving({ tokens: { sharedSecret: SECRET }, services: [closedHealth] });
    const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
    expect(await client.ping({}).catch(ConnectError.from)).toMatchObject({ code: Code.Unauthenticated });
    const headers = { authorization: tokenHeader(SECRET, "alice", NOW) };
    expect((await client.ping({ data: Uint8Array.of(1) }, { headers })).data).toEqual(Uint8Array.of(1));
  });

  test("need a secret of 32 bytes", async () => {
    const { log, metrics } = await serving();
    const options = {
      listen: { host: "127.0.0.1", port: 0 },
      services: [],
      tokens: { sharedSecret: new Uint8Array(31) },
    };
    await expect(serve(options, { log, metrics, now: () => NOW })).rejects.toMatchObject({
      code: "invalid-token-secret",
    });
  });
});

describe("the chain id", () => {
  const code = async (mine: string | undefined, theirs: string | undefined): Promise<Code | undefined> => {
    const { url } = await serving({ services: [closedHealth], ...(mine !== undefined && { chainId: mine }) });
    const client = createClient(Health, createGrpcTransport({ baseUrl: url }));
    const headers = theirs === undefined ? {} : { "chain-id": theirs };
    return client.ping({}, { headers }).then(
      () => undefined,
      (error: unknown) => ConnectError.from(error).code,
    );
  };

  test("may be left out, and must be ours when it is there", async () => {
    expect(await code("main", undefined)).toBeUndefined();
    expect(await code("main", "main")).toBeUndefined();
    expect(await code("main", "Main")).toBe(Code.FailedPrecondition);
    expect(await code(undefined, "main")).toBeUndefined();
  });
});

describe("the sticky cookie", () => {
  const post = (url: string, cookie?: string): Promise<Response> =>
    fetch(`${url}/grpc.health.v1.Health/Ping`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(cookie !== undefined && { cookie }) },
      body: "{}",
    });

  test("is set for who does not send it", async () => {
    const { url } = await serving({ stickyCookie: "fogbow=a1" });
    expect((await post(url)).headers.get("set-cookie")).toBe("fogbow=a1; Path=/; HttpOnly");
    expect((await post(url, "x=y; fogbow=a2")).headers.get("set-cookie")).toContain("fogbow=a1");
    expect((await post(url, "x=y; fogbow=a1")).headers.get("set-cookie")).toBeNull();
    expect((await post((await serving()).url)).headers.get("set-cookie")).toBeNull();
  });
});

describe("web pages of other origins", () => {
  const ask = (url: string, method: string, origin: string, rpc = "Check"): Promise<Response> =>
    fetch(`${url}/grpc.health.v1.Health/${rpc}`, {
      method,
      headers: { origin, "content-type": "application/json" },
      ...(method === "POST" && { body: "{}" }),
    });

  test("may call, and read what a client needs, when any may", async () => {
    const { url } = await serving({ origins: "any" });
    const preflight = await ask(url, "OPTIONS", "https://wallet.example");
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("chain-id");
    const response = await ask(url, "POST", "https://wallet.example");
    expect(response.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("grpc-status");
  });

  test("may call only from the origins that are listed, with cookies then", async () => {
    const { url } = await serving({ origins: ["https://wallet.example"] });
    const listed = await ask(url, "POST", "https://wallet.example");
    expect(listed.headers.get("access-control-allow-origin")).toBe("https://wallet.example");
    expect(listed.headers.get("access-control-allow-credentials")).toBe("true");
    expect(listed.headers.get("vary")).toBe("Origin");
  });

  test.each([[[]], [["https://wallet.example"]], [undefined]])(
    "reach no handler unless listed in %s",
    async (origins) => {
      let calls = 0;
      const services = [customHealth({ ping: () => ({ data: Uint8Array.of(++calls) }) })];
      const page = { path: "/metrics", contentType: "text/plain", text: () => `${++calls}` };
      const { url } = await serving({ services, pages: [page], ...(origins !== undefined && { origins }) });
      for (const method of ["OPTIONS", "POST"]) {
        const other = await ask(url, method, "https://evil.example", "Ping");
        expect(other.status).toBe(403);
        expect(other.headers.get("access-control-allow-origin")).toBeNull();
      }
      expect((await fetch(`${url}/metrics`, { headers: { origin: "https://evil.example" } })).status).toBe(403);
      expect(calls).toBe(0);
    },
  );
});

test("health and build info are told to those who have no token and name no chain", async () => {
  const services = [healthService(() => true), buildInfoService(create(BuildInfoSchema, { gitCommit: "abc" }))];
  const { url } = await serving({ services, chainId: "test", tokens: { sharedSecret: SECRET } });
  const transport = createGrpcTransport({ baseUrl: url });
  const options = { headers: { "chain-id": "other" } };
  expect((await createClient(Health, transport).check({}, options)).status).toBe(1);
  expect((await createClient(BuildInfoApi, transport).getBuildInfo({}, options)).gitCommit).toBe("abc");
});
