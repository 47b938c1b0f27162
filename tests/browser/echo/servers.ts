// The example's servers: an RPC server in front of the echo enclave, and one in front of the same bundle with one byte changed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { decodeAuthMessage, decodeSealedMessage, encodeAuthMessage, encodeSealedMessage } from "@fogbow/core-attest";
import { toHex, utf8 } from "@fogbow/core-bytes";
import { EchoApi } from "@fogbow/core-wire";
import {
  type EnclaveHost,
  measureBundle,
  RuntimeError,
  readBundle,
  startEnclave,
  writeBundle,
} from "@fogbow/runtime-enclave";
import { createLog, createMetrics, type RpcLimits, type ServedService, serve, serveService } from "@fogbow/server";

/** The name that clients reach the enclave by; part of the handshake. */
export const RESPONDER_ID = "echo.example:443";

/** What a server's host sees of a call. */
export interface SeenCall {
  readonly method: "Auth" | "Echo";
  /** The content type, by which the protocols are told apart. */
  readonly protocol: string | null;
  readonly origin: string | null;
  readonly cookie: string | null;
  /** The enclave's input, in full: all that the host could write down. */
  readonly input: Uint8Array;
}

/** A running server in front of its enclave. */
export interface EchoServer {
  readonly url: string;
  /** 32 bytes. */
  readonly measurement: Uint8Array;
  /** Every call so far. */
  readonly seen: SeenCall[];
  close(): Promise<void>;
}

/** Both servers. */
export interface EchoServers {
  readonly published: EchoServer;
  readonly tampered: EchoServer;
  close(): Promise<void>;
}

const BUNDLE = fileURLToPath(new URL("../../../enclaves/runtime/dist/bundles/echo", import.meta.url));

/** Starts both for pages of one origin. */
export async function startEchoServers(origin: string): Promise<EchoServers> {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-echo-"));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true });
  try {
    const tamperedBundle = join(folder, "echo");
    await tamper(BUNDLE, tamperedBundle);
    const [published, tampered] = await Promise.all([startEcho(BUNDLE, origin), startEcho(tamperedBundle, origin)]);
    return {
      published,
      tampered,
      async close() {
        await Promise.all([published.close(), tampered.close()]);
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** What the published bundle measures, 32 bytes. */
export async function publishedMeasurement(): Promise<Uint8Array> {
  return measureBundle(await readBundle(BUNDLE));
}

/** Copies a bundle with the first line break of its code made a space: it behaves as before, and is another enclave. */
async function tamper(from: string, to: string): Promise<void> {
  const files = await readBundle(from);
  const code = files["enclave.mjs"].slice();
  code[code.indexOf(0x0a)] = 0x20;
  await writeBundle(to, { ...files, "enclave.mjs": code });
}

async function startEcho(bundle: string, origin: string): Promise<EchoServer> {
  const host = await startEnclave({ bundle, platform: { kind: "simulated" }, config: utf8(RESPONDER_ID) });
  const seen: SeenCall[] = [];
  const server = await serve(
    {
      listen: { host: "127.0.0.1", port: 0 },
      services: [echoService(host, seen)],
      origins: [origin],
      stickyCookie: `echo=${toHex(host.measurement.subarray(0, 4))}`,
    },
    { log: createLog({ name: "echo", level: "warn" }), metrics: createMetrics(), now: Date.now },
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    measurement: host.measurement,
    seen,
    async close() {
      await server.close();
      await host.close();
    },
  };
}

const LIMITS: RpcLimits = {
  requestBytesMax: 65_536,
  responseBytesMax: 262_144,
  deadlineMs: 10_000,
  concurrencyMax: 16,
  queueMax: 64,
};

function echoService(host: EnclaveHost, seen: SeenCall[]): ServedService {
  const call = async (method: SeenCall["method"], input: Uint8Array, context: HandlerContext): Promise<Uint8Array> => {
    const header = (name: string): string | null => context.requestHeader.get(name);
    seen.push({
      method,
      protocol: header("content-type"),
      origin: header("origin"),
      cookie: header("cookie"),
      input: input.slice(),
    });
    const entryPoint = method === "Auth" ? "auth" : "echo";
    try {
      return await host.call(entryPoint, input, { signal: context.signal });
    } catch (error) {
      throw rpcError(error);
    }
  };
  return serveService(
    EchoApi,
    { auth: LIMITS, echo: LIMITS },
    {
      auth: async ({ data }, context) => ({
        data: decodeAuthMessage(await call("Auth", encodeAuthMessage(data), context)),
      }),
      echo: async (request, context) => decodeSealedMessage(await call("Echo", encodeSealedMessage(request), context)),
    },
  );
}

/** One answer for whatever the enclave refuses (spec 04 §4.4); anything else is the server's trouble, and may pass. */
function rpcError(error: unknown): unknown {
  if (!(error instanceof RuntimeError)) return error;
  return error.code === "call-refused"
    ? new ConnectError("Permission denied", Code.PermissionDenied)
    : new ConnectError("The enclave does not answer.", Code.Unavailable);
}
